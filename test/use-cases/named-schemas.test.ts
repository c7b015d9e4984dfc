import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { issueCredential } from '../../src/use-cases/issue-credential.ts'
import { putSchema } from '../../src/use-cases/put-schema.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { aWorld } from '../support/world.ts'

const SCHEMAS = 'https://trust.example/issuers/registrar/schemas'
const FOREIGN = { id: 'https://schemas.example/member', type: 'JsonSchema' }

const atLeast = (minimum: number): JsonObject => ({
  type: 'object',
  properties: { credentialSubject: { properties: { level: { minimum } } } },
})

let world: Awaited<ReturnType<typeof aWorld>>
beforeAll(async () => {
  world = await aWorld()
  await put('Member', atLeast(1))
  await put('Member', atLeast(2))
  await put('Trial', {})
  await put('Elsewhere', {})
})

async function put(type: string, schema: JsonObject): Promise<void> {
  const { ports, registrar, change } = world
  const added = await putSchema(ports, registrar, type, schema, change())
  if (!added.ok) throw new Error(JSON.stringify(added.refusal))
}

const credential = (types: readonly string[], members: JsonObject = {}): JsonObject => ({
  type: ['VerifiableCredential', ...types],
  credentialSubject: { level: 3 },
  ...members,
})

/** `credentialSchema` of what is issued. */
async function namedIn(
  given: JsonObject,
  format: 'vc+jwt' | 'jwt_vc' = 'vc+jwt',
): Promise<unknown> {
  const { token } = await world.issue({ credential: given, format })
  const payload = decodeJwt<{ vc?: JsonObject }>(token)
  return (payload.vc ?? payload)['credentialSchema']
}

/** What is refused in a `credentialSchema` of the caller's. */
async function refusedIn(credentialSchema: Json): Promise<readonly string[]> {
  const { ports, registrar, change } = world
  const wanted = { credentialId: undefined, format: undefined, status: undefined }
  const given = { ...wanted, credential: credential(['Member'], { credentialSchema }) }
  const issued = await issueCredential(ports, registrar, given, change())
  if (issued.ok || issued.refusal.reason !== 'credential_invalid') return []
  return issued.refusal.errors.map(({ pointer }) => pointer)
}

const entry = async (type: string, version: number): Promise<JsonObject> => {
  const text = await world.ports.issuers.schemaText(world.registrar.id, type, version)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)))
  const id = `${SCHEMAS}/${type}?version=${String(version)}`
  return { id, type: 'JsonSchema', digestSRI: `sha256-${base64}` }
}

describe('a credential of a type with a registered schema', () => {
  it.each(['vc+jwt', 'jwt_vc'] as const)(
    'names the version that it was held against, with the digest of its text, as %s',
    async (format) => {
      expect(await namedIn(credential(['Member']), format)).toEqual(await entry('Member', 2))
    },
  )

  it('names the schema of each of its types, and none for a type without one', async () => {
    expect(await namedIn(credential(['Other', 'Trial', 'Member']))).toEqual([
      await entry('Member', 2),
      await entry('Trial', 1),
    ])
    expect(await namedIn(credential(['Other']))).toBeUndefined()
  })

  it('keeps the entries of its caller, each schema named once', async () => {
    const own = await entry('Member', 2)
    expect(await namedIn(credential(['Member'], { credentialSchema: FOREIGN }))).toEqual([
      FOREIGN,
      own,
    ])
    expect(await namedIn(credential(['Other'], { credentialSchema: FOREIGN }))).toEqual(FOREIGN)
    const { id, type } = own
    const short: JsonObject = { id: id ?? null, type: type ?? null }
    expect(await namedIn(credential(['Member'], { credentialSchema: [short, FOREIGN] }))).toEqual([
      FOREIGN,
      own,
    ])
  })

  it('is refused where its caller names a schema of the issuer that it was not held against', async () => {
    const [old, own] = [await entry('Member', 1), await entry('Member', 2)]
    expect(await refusedIn(own)).toEqual([])
    expect(await refusedIn(old)).toEqual(['/credentialSchema/id'])
    expect(await refusedIn([FOREIGN, await entry('Elsewhere', 1)])).toEqual([
      '/credentialSchema/1/id',
    ])
    const ofOthers = SCHEMAS.replace('registrar', 'chamber')
    expect(await refusedIn({ ...FOREIGN, id: `${ofOthers}/Member?version=1` })).toEqual([])
    const spelled = SCHEMAS.replace('trust.example', 'TRUST.example.')
    expect(await refusedIn({ ...own, id: `${spelled}/Member?version=2` })).toEqual([
      '/credentialSchema/id',
    ])
    expect(await refusedIn({ ...own, id: `${SCHEMAS}/Member` })).toEqual(['/credentialSchema/id'])
    expect(await refusedIn({ ...own, digestSRI: old['digestSRI'] ?? null })).toEqual([
      '/credentialSchema/digestSRI',
    ])
    expect(await refusedIn([{ ...own, type: 'JsonSchemaCredential' }])).toEqual([
      '/credentialSchema/0/type',
    ])
  })

  it('J18: is refused where the names of its schemas make its token too large', async () => {
    const { ports, registrar, change } = world
    const types = Array.from({ length: 30 }, (_, at) => `Kind${String(at)}`)
    const sized = async (length: number) => {
      const wanted = { credentialId: undefined, format: undefined, status: undefined }
      const text = 'x'.repeat(length)
      const given = { ...wanted, credential: credential(types, { credentialSubject: { text } }) }
      return (await issueCredential(ports, registrar, given, change())).ok
    }
    expect(await sized(44_000)).toBe(true)
    for (const type of types) await put(type, {})
    expect(await sized(44_000)).toBe(false)
    expect(await sized(36_000)).toBe(true)
  })

  it('V15: verifies, and its schema is not fetched', async () => {
    const { seller, issue } = world
    const { token } = await issue({ credential: credential(['Member']) })
    const get = () => Promise.reject(new Error('fetched'))
    const ports = { ...world.ports, guardedFetch: { get } }
    const report = await verifyCredential(ports, token, await verificationContext(ports, seller))
    expect(report.verdict).toBe('valid')
  })
})
