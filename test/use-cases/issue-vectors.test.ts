import { describe, expect, inject, it } from 'vitest'
import { isJsonObject, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { issueCredential } from '../../src/use-cases/issue-credential.ts'
import { aWorld } from '../support/world.ts'

/** Vectors that should be refused and that we issue, each with what would have to refuse it. */
const NEEDS_JSON_LD_EXPANSION: Readonly<Record<string, string>> = {
  'credential-type-unmapped-fail':
    'a type that none of its contexts defines: only expansion knows what a context behind a URL defines',
}

const vectors = inject('vectors')
const credentials = Object.entries(vectors ?? {})
  .map(([path, vector]) => [/^vcdm2\/(credential-.*)\.json$/.exec(path)?.[1], vector] as const)
  .filter(
    (entry): entry is [string, JsonObject] => entry[0] !== undefined && isJsonObject(entry[1]),
  )

/** As the suite of W3C does: under the name of the issuer that is asked, unless the name is the fault. */
function underOurName(name: string, vector: JsonObject, did: string): JsonObject {
  if (name.startsWith('credential-issuer-')) return vector
  const { issuer } = vector
  return { ...vector, issuer: isJsonObject(issuer) ? { ...issuer, id: did } : did }
}

/** What a new issuer does with it. */
async function outcome(name: string, vector: JsonObject): Promise<string> {
  const { ports, registrar, change } = await aWorld()
  const credential = underOurName(name, vector, registrar.did)
  const options = { credentialId: undefined, format: 'vc+jwt', status: undefined } as const
  const issued = await issueCredential(ports, registrar, { credential, ...options }, change())
  return issued.ok ? 'issued' : issued.refusal.reason
}

const ending = (end: string) => credentials.filter(([name]) => name.endsWith(end))
const title =
  vectors === null
    ? 'issue, and the VCDM 2.0 vectors of W3C (skipped: ../shared/vectors is absent)'
    : 'issue, and the VCDM 2.0 vectors of W3C'

describe.skipIf(vectors === null)(title, () => {
  it('has vectors of each kind', () => {
    const counts = ['-ok', '-fail', '-fail-or-inject'].map((end) => ending(end).length)
    expect(counts.every((count) => count > 0)).toBe(true)
    expect(counts.reduce((sum, count) => sum + count)).toBe(credentials.length)
  })

  it.each(ending('-ok'))('issues %s', async (name, vector) => {
    expect(await outcome(name, vector)).toBe('issued')
  })

  it.each(ending('-fail'))('refuses %s, unless only JSON-LD could', async (name, vector) => {
    expect(await outcome(name, vector)).toBe(
      name in NEEDS_JSON_LD_EXPANSION ? 'issued' : 'credential_invalid',
    )
  })

  it.each(ending('-fail-or-inject'))('completes %s, or refuses it', async (name, vector) => {
    expect(['issued', 'credential_invalid']).toContain(await outcome(name, vector))
  })
})
