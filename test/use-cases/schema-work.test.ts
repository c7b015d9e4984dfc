import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { issueCredential } from '../../src/use-cases/issue-credential.ts'
import { putSchema } from '../../src/use-cases/put-schema.ts'
import { aWorld } from '../support/world.ts'

const text = (pattern: string): JsonObject => ({ type: 'string', pattern })
const subject = (each: JsonObject): JsonObject => ({
  type: 'object',
  properties: { credentialSubject: { type: 'object', additionalProperties: each } },
})
const numbered = (count: number, of: (at: number) => string): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${String(at)}`, of(at)]))

/** An issuer with a schema for the type `Held`, and what it says of a credential of that type. */
async function held(schema: JsonObject) {
  const { ports, registrar, change } = await aWorld()
  const put = await putSchema(ports, registrar, 'Held', schema, change())
  if (!put.ok) throw new Error(JSON.stringify(put.refusal))
  return async (credentialSubject: JsonObject, members: JsonObject = {}) => {
    const credential = { type: ['VerifiableCredential', 'Held'], credentialSubject, ...members }
    const options = { credentialId: undefined, format: undefined, status: undefined }
    const before = performance.now()
    const issued = await issueCredential(ports, registrar, { credential, ...options }, change())
    return {
      milliseconds: performance.now() - before,
      faults:
        issued.ok || issued.refusal.reason !== 'credential_invalid' ? [] : issued.refusal.errors,
      ok: issued.ok,
    }
  }
}

const COSTLY = [{ pointer: '', detail: expect.stringContaining('costs too much') as string }]
/** Two free repetitions: the square of a text, for each of twenty. */
const TWENTY = {
  allOf: Array.from({ length: 20 }, (_, at) => text(`^[a-z]*[a-z]*(?:${String(at)})?$`)),
}

describe('registered schemas of one credential', () => {
  it('V15: run on ordinary texts', async () => {
    const issue = await held(subject(TWENTY))
    expect(await issue(numbered(12, () => 'an ordinary value'.replaceAll(' ', '')))).toMatchObject({
      ok: true,
    })
    expect((await issue({ m: 'AN' })).faults.map(({ pointer }) => pointer)).toEqual([
      '/credentialSubject/m',
    ])
  })

  it('V15: do not run where all patterns and texts together would take long', async () => {
    const issue = await held(subject(TWENTY))
    const { faults, milliseconds } = await issue(numbered(11, () => `${'a'.repeat(4_000)}!`))
    expect(faults).toEqual(COSTLY)
    expect(milliseconds).toBeLessThan(500)
  })

  it.each<[what: string, schema: JsonObject, credentialSubject: JsonObject]>([
    [
      'names of members against names of patterns',
      {
        properties: {
          credentialSubject: {
            patternProperties: Object.fromEntries(
              Array.from({ length: 20 }, (_, at) => [`^[a-z0-9]*[a-z0-9]*${String(at)}$`, true]),
            ),
          },
        },
      },
      Object.fromEntries(
        Array.from({ length: 11 }, (_, at) => [`${'a'.repeat(4_000)}${String(at)}!`, 1]),
      ),
    ],
    [
      'fixed repetitions behind free ones',
      subject(text(`^a*${'a{1000}'.repeat(4)}b$`)),
      numbered(11, () => 'a'.repeat(4_090)),
    ],
    [
      'a list of allowed values against many values',
      subject({ items: { enum: Array.from({ length: 8_000 }, (_, at) => `v${String(at)}`) } }),
      { list: Array.from({ length: 9_000 }, () => 1) },
    ],
    [
      'items that must differ',
      subject({ uniqueItems: true, items: { type: 'integer' } }),
      { list: Array.from({ length: 9_000 }, (_, at) => at) },
    ],
  ])('V15: count %s', async (_, schema, credentialSubject) => {
    const { faults, milliseconds } = await (await held(schema))(credentialSubject)
    expect(faults).toEqual(COSTLY)
    expect(milliseconds).toBeLessThan(500)
  })

  it('V15: are not held against a credential that is refused without them', async () => {
    const issue = await held(subject(text('^[a-z]+$')))
    const { faults } = await issue({ m: 'A' }, { proof: {} })
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/proof', '/proof/type'])
    expect((await issue({ m: 'A' })).faults[0]?.pointer).toBe('/credentialSubject/m')
  })
})
