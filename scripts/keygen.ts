import { parseArgs } from 'node:util'
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../src/domain/jwk.ts'
import {
  isSignatureAlgorithm,
  makeSigningKey,
  publicPart,
  type SigningKeySet,
} from './signing-keys.ts'

const USAGE = `Makes a signing key on this machine and prints the secret SIGNING_KEYS with it.

  npm run keygen -- [--alg ALG] [--kid KID] [--append] [--only secret|public]

  --alg     ${SIGNATURE_ALGORITHMS.join(', ')}; EdDSA when absent
  --kid     name of the key, used in "keys" of issuers and verifiers:
            1 to 64 letters, digits, dots, hyphens and underscores; its thumbprint when absent
  --append  adds the key to the set in the environment variable SIGNING_KEYS
  --only    prints one part alone, on one line, without headings; for pipes:
            npm run --silent keygen -- --kid k1 --only secret | npx wrangler secret put SIGNING_KEYS
`

const KID = /^[A-Za-z0-9._-]{1,64}$/
/** Keys made here live for years; SP 800-57 asks for 3,072 bits beyond 2030. */
const RSA_BITS = 3_072

interface Request {
  readonly alg: SignatureAlgorithm
  readonly kid: string | undefined
  readonly only: 'secret' | 'public' | undefined
  readonly existing: SigningKeySet
}

/** What the command line asks for. Throws with a sentence for the operator; never repeats a secret. */
function readRequest(args: readonly string[], signingKeys: string | undefined): Request | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      alg: { type: 'string' },
      kid: { type: 'string' },
      append: { type: 'boolean' },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return 'help'
  const { alg = 'EdDSA', kid, only } = values
  if (!isSignatureAlgorithm(alg)) throw new Error('--alg is none of the algorithms below')
  if (kid !== undefined && !KID.test(kid)) throw new Error('--kid does not have the form below')
  if (only !== undefined && only !== 'secret' && only !== 'public')
    throw new Error('--only is "secret" or "public"')
  const existing = values.append === true ? readKeySet(signingKeys) : { keys: [] }
  return { alg, kid, only, existing }
}

function readKeySet(text: string | undefined): SigningKeySet {
  if (text === undefined) throw new Error('--append needs the environment variable SIGNING_KEYS')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('SIGNING_KEYS is not JSON')
  }
  if (!isKeySet(value)) throw new Error('SIGNING_KEYS is not a JWK Set: {"keys":[…]}')
  return value
}

const isKeySet = (value: unknown): value is SigningKeySet =>
  typeof value === 'object' &&
  value !== null &&
  'keys' in value &&
  Array.isArray(value.keys) &&
  value.keys.every((key) => typeof key === 'object' && key !== null)

async function main(): Promise<void> {
  const request = readRequest(process.argv.slice(2), process.env['SIGNING_KEYS'])
  if (request === 'help') {
    process.stdout.write(USAGE)
    return
  }
  const key = await makeSigningKey(request.alg, request.kid, RSA_BITS)
  if (request.existing.keys.some((other) => other.kid === key.kid))
    throw new Error('SIGNING_KEYS has a key with this --kid already')
  const secret = { keys: [...request.existing.keys, key] }
  process.stdout.write(report(secret, request.only))
}

function report(secret: SigningKeySet, only: Request['only']): string {
  const [privateLine, publicLine] = [JSON.stringify(secret), JSON.stringify(publicPart(secret))]
  if (only !== undefined) return `${only === 'secret' ? privateLine : publicLine}\n`
  return `SECRET: the value of SIGNING_KEYS. Keep it in your secret store and nowhere else.

${privateLine}

PUBLIC: the same keys, public members only. May be published.

${publicLine}
`
}

try {
  await main()
} catch (error) {
  process.stderr.write(
    `keygen: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`,
  )
  process.exitCode = 2
}
