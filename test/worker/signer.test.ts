/** Signing once more, inside workerd: keys are imported and checked by another platform there. */
import '../adapters/jose-differential.test.ts'
import '../adapters/jose-signer.test.ts'
import '../adapters/jose-signing-keys.test.ts'
import '../adapters/vcdm1-shaper.test.ts'
