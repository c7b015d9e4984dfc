/**
 * What a verifier refuses once more, inside workerd: its keys, decoders and clock are not those of
 * Node, and every refusal of a credential or presentation must hold with both.
 */
import '../adapters/jwe-refused.test.ts'
import '../domain/base64url.test.ts'
import '../domain/did/verification-method.test.ts'
import '../use-cases/bit-flips.test.ts'
import '../use-cases/clock.test.ts'
import '../use-cases/did-jwt-vc-tokens.test.ts'
import '../use-cases/key-faults.test.ts'
import '../use-cases/remembered-signature.test.ts'
import '../use-cases/verify-credential.test.ts'
import '../use-cases/verify-presentation.test.ts'
