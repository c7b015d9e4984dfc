/**
 * The whole gate once more, inside workerd: its base64 and UTF-8 decoders are not those of Node (row
 * J17), and the tables must hold with both.
 */
import '../domain/base64url.test.ts'
import '../domain/jwk.test.ts'
import '../domain/jws-header.test.ts'
import '../domain/jws-purpose.test.ts'
import '../domain/jws.test.ts'
import '../domain/jwt-times.test.ts'
import '../domain/strict-json.test.ts'
import '../domain/time.test.ts'
