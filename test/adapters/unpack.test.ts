import { unpackSuite } from '../support/unpack-suite.ts'

// Node unpacks in a thread of its own, and no more than is read.
unpackSuite(128 * 1024)
