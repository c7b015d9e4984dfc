import { describe, expect, inject, it } from 'vitest'
import {
  credentialFaults,
  dataModelOf,
  presentationFaults,
} from '../../../src/domain/credential/data-model.ts'
import { isJsonObject, type JsonObject } from '../../../src/domain/json/strict-json.ts'

/** Vectors that must be refused and that this check accepts, each with what would refuse it. */
const BEYOND_THE_DATA_MODEL: Readonly<Record<string, string>> = {
  'credential-type-unmapped-fail':
    'a type that no context defines: only JSON-LD expansion knows what the contexts behind URLs define',
  'presentation-self-asserted-vc-holder-mismatch':
    'whether a credential without proof is the holder’s own shows in who signs the presentation',
  'presentation-self-asserted-vc-no-holder':
    'whether a credential without proof is the holder’s own shows in who signs the presentation',
}

const vectors = inject('vectors')
const named = (kind: 'credential' | 'presentation'): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(
    Object.entries(vectors ?? {})
      .map(([path, vector]) => [/^vcdm2\/(.*)\.json$/.exec(path)?.[1] ?? '', vector] as const)
      .filter((entry): entry is readonly [string, JsonObject] => isJsonObject(entry[1]))
      .filter(([name]) => name.startsWith(`${kind}-`)),
  )

/** At issue, an issuer fills in its own name where the caller gives none. */
const withIssuer = (credential: JsonObject) => ({ issuer: 'did:example:issuer', ...credential })
const isGood: Readonly<Record<string, boolean>> = {
  ...mapValues(named('credential'), (vector) => {
    const credential = withIssuer(vector)
    return credentialFaults(credential, dataModelOf(credential) ?? '2.0').length === 0
  }),
  ...mapValues(named('presentation'), (vector) => presentationFaults(vector, '2.0').length === 0),
}

function mapValues<Value>(
  object: Readonly<Record<string, JsonObject>>,
  value: (vector: JsonObject) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(object).map(([name, vector]) => [name, value(vector)]))
}

const names = Object.keys(isGood)
const title =
  vectors === null
    ? 'the VCDM 2.0 vectors of W3C (skipped: ../shared/vectors is absent)'
    : 'the VCDM 2.0 vectors of W3C'

describe.skipIf(vectors === null)(title, () => {
  it('finds 35 credentials and 13 presentations', () => {
    expect(names.filter((name) => name.startsWith('credential-'))).toHaveLength(35)
    expect(names.filter((name) => name.startsWith('presentation-'))).toHaveLength(13)
  })

  it.each(names.filter((name) => name.endsWith('-ok')))('accepts %s', (name) => {
    expect(isGood[name]).toBe(true)
  })

  it('refuses every other vector that may not be accepted, but for those listed with a reason', () => {
    const accepted = names.filter(
      (name) => !/-ok$|-fail-or-inject$/.test(name) && isGood[name] === true,
    )
    expect(accepted.sort()).toEqual(Object.keys(BEYOND_THE_DATA_MODEL).sort())
  })

  it('refuses what may be refused or completed, when nobody has completed it', () => {
    const either = names.filter((name) => name.endsWith('-fail-or-inject'))
    expect(either.length).toBeGreaterThan(0)
    expect(either.filter((name) => isGood[name] === true)).toEqual([])
  })
})
