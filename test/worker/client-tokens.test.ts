/**
 * Tokens of clients once more, inside workerd: its keys, decoders and URL reader are not those of Node,
 * and every refusal must hold with both.
 */
import '../use-cases/names-of-ed25519.test.ts'
import '../use-cases/verify-client-assertion.test.ts'
import '../use-cases/verify-dpop-proof.test.ts'
import '../use-cases/verify-request-object.test.ts'
