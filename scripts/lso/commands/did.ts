import type { Command } from 'commander'
import { parseDid } from '../../../src/domain/did/did.ts'
import { didWebUrl } from '../../../src/domain/did/did-web.ts'
import { addCommand, several, told, type ServiceFlags } from '../command.ts'
import { writeNew } from '../files.ts'
import { publicJwk } from '../holder-key.ts'
import { UsageError } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly key: readonly string[]
  readonly redirect: readonly string[]
  readonly presentation: readonly string[]
  readonly out?: string
}

export function addDid(program: Command): void {
  addCommand(
    program,
    'did <did>',
    'Write the did.json of a participant: its keys, and where an authorization server may redirect to.',
    `lso did did:web:buyer.example --key buyer.jwk.json \\
  --redirect https://buyer.example/callback --out did.json`,
  )
    .option(
      '--key <file>',
      'a key from lso keygen; its public part is used (repeatable)',
      several,
      [],
    )
    .option('--redirect <url>', 'https redirect URI (W128 R19; repeatable)', several, [])
    .option('--presentation <url>', 'https URL of a linked presentation (repeatable)', several, [])
    .option('--out <file>', 'where it goes; must not exist; standard output where absent')
    .action((did: string, flags: Flags) => told(flags, async () => writeDid(did, flags)))
}

function writeDid(text: string, { key, redirect, presentation, out }: Flags) {
  const did = parseDid(text)
  const at = did.ok && did.value.startsWith('did:web:') ? didWebUrl(did.value) : undefined
  if (!did.ok || at?.ok !== true)
    throw new UsageError(
      'The DID must be a did:web, such as did:web:buyer.example: others have no did.json',
    )
  if (key.length === 0) throw new UsageError('Name at least one --key')
  const methods = key.map((file) => verificationMethod(did.value, file))
  const ids = methods.map(({ id }) => id)
  const document = {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did.value,
    verificationMethod: methods,
    authentication: ids,
    assertionMethod: ids,
    service: [
      ...services(did.value, 'redirect', 'OAuthRedirect', redirect),
      ...services(did.value, 'presentation', 'LinkedVerifiablePresentation', presentation),
    ],
  }
  const json = JSON.stringify(document, null, 2)
  if (out !== undefined) writeNew(out, `${json}\n`, false)
  const served = `Serve it at ${at.value} as application/did+json, without a redirect.\n`
  return { answer: 'yes', text: out === undefined ? `${json}\n` : served, json: document } as const
}

function verificationMethod(did: string, file: string) {
  const { kid = '', alg: _, ...jwk } = publicJwk(file)
  const [owner, fragment] = kid.startsWith('did:') ? kid.split('#') : [did, kid]
  if (owner !== did) throw new UsageError(`${file} is a key of ${String(owner)}`)
  return {
    id: `${did}#${String(fragment)}`,
    type: 'JsonWebKey',
    controller: did,
    publicKeyJwk: jwk,
  }
}

function services(did: string, name: string, type: string, urls: readonly string[]) {
  return urls.map((url, at) => {
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
      throw new UsageError(`${url} is no https URL`)
    return { id: `${did}#${name}-${at + 1}`, type, serviceEndpoint: url }
  })
}
