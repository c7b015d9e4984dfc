import type { InstanceId, Issuer } from '../../src/domain/instance/instance.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { readCredentialJws, readPresentationJws } from '../../src/domain/jws.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { ACCREDITATION } from '../../src/domain/trust/accreditation.ts'
import { DEFAULT_POLICY, type TrustPolicy } from '../../src/domain/trust/policy.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { createIssuer } from '../../src/use-cases/create-instance.ts'
import { issueCredential } from '../../src/use-cases/issue-credential.ts'
import { NOW, type aWorld } from './world.ts'

type World = Awaited<ReturnType<typeof aWorld>>

const DAY = 24 * 60 * 60
/** Days after `NOW`. */
export const days = (count: number): string => dateTimeStamp(later(NOW, count * DAY))

/** An accreditation without fault. */
export const accreditation = (
  subject: string,
  grants: JsonObject = {},
  change: JsonObject = {},
): JsonObject => ({
  type: ['VerifiableCredential', ACCREDITATION],
  validFrom: days(0),
  validUntil: days(400),
  credentialSubject: {
    id: subject,
    type: 'AccreditedIssuer',
    legalName: 'Example Accredited Issuer Ltd',
    accreditedFor: ['LsoLegalEntityCredential'],
    mayAccredit: true,
    ...grants,
  },
  ...change,
})

/** Who trusts this anchor to accredit others, and nobody for anything else. */
export const trustingAnchor = (did: string, change: Partial<TrustPolicy> = {}): TrustPolicy => ({
  ...DEFAULT_POLICY,
  anchors: [
    {
      did: did as TrustPolicy['anchors'][number]['did'],
      types: [ACCREDITATION],
      validFrom: undefined,
      validUntil: undefined,
    },
  ],
  ...change,
})

/** Creates another issuer in the world. */
export async function anotherIssuer(world: World, id: string): Promise<Issuer> {
  const made = await createIssuer(
    world.ports,
    {
      id: id as InstanceId,
      name: 'Example',
      did: undefined,
      keys: ['k1'],
      securing: 'vc+jwt',
    },
    world.change(),
  )
  if (!made.ok) throw new Error('no issuer')
  return made.value.instance
}

/** Issues by this issuer, with entries for revocation and suspension. */
export async function issuedBy(world: World, issuer: Issuer, credential: JsonObject) {
  const wanted = {
    credential,
    credentialId: undefined,
    format: undefined,
    status: ['revocation', 'suspension'],
  } as const
  const issued = await issueCredential(world.ports, issuer, wanted, world.change())
  if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
  const { token, stored } = issued.value
  const set = (purpose: 'revocation' | 'suspension', status: boolean) =>
    changeCredentialStatus(
      world.ports,
      issuer,
      { purpose, status, credentialId: stored.credentialId },
      world.change(),
    )
  return { token, credentialId: stored.credentialId, set }
}

/** What a token says, read and not verified. */
export function claimsOf(token: string): JsonObject {
  const [credential, presentation] = [readCredentialJws(token), readPresentationJws(token)]
  const jws = credential.ok ? credential : presentation
  if (!jws.ok) throw new Error(jws.refusal.reason)
  return jws.value.payload
}
