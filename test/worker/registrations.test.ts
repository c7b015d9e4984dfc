/** Registrations once more, inside workerd: what makes a stranger a client is its cryptography. */
import '../http/registrations.test.ts'
