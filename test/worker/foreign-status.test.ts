/** Status lists once more, inside workerd: its cryptography, and its way of unpacking, are another's. */
import { unpackSuite } from '../support/unpack-suite.ts'
import '../use-cases/foreign-status.test.ts'

unpackSuite(8 * 1024)
