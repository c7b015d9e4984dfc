/** Trust once more, inside workerd: what a chain or a delegation rests on is its cryptography. */
import '../use-cases/delegation.test.ts'
import '../use-cases/linked-chain.test.ts'
import '../use-cases/trust-chain.test.ts'
