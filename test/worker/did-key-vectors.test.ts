import '../adapters/did/did-key-vectors.test.ts'
