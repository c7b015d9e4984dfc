// Paths and headers are the platform's to parse: what holds in Node must hold inside workerd.
import '../http/clients.test.ts'
import '../http/identifiers.test.ts'
