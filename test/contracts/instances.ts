import { encodeBase64url } from '../../src/domain/base64url.ts'
import type { InstanceId, Issuer, Verifier } from '../../src/domain/instance/instance.ts'
import { DEFAULT_POLICY } from '../../src/domain/trust/policy.ts'
import { epochSeconds } from '../../src/domain/time.ts'
import type { Change } from '../../src/ports/change.ts'

/** 2026-01-15T12:00:00Z. */
export const NOW = epochSeconds(1_768_478_400)

let names = 0

/** A name that no other test of the same process uses: stores outlive tests. */
export const freshId = (): InstanceId => `instance-${String(++names)}` as InstanceId

export const anIssuer = (id: InstanceId): Issuer => ({
  id,
  name: 'Example Registrar',
  did: `did:web:trust.example:issuers:${id}`,
  keys: [{ kid: 'k1', verificationMethod: `did:web:trust.example:issuers:${id}#k1` }],
  securing: 'vc+jwt',
  createdAt: NOW,
})

export const aVerifier = (id: InstanceId): Verifier => ({
  id,
  name: 'Example Seller',
  did: `did:web:trust.example:verifiers:${id}`,
  keys: [],
  audience: 'https://as.example.com',
  challengeSecret: encodeBase64url(new Uint8Array(32)),
  createdAt: NOW,
})

export const ISSUER_FOUNDING = { tokenHash: 'aaaa' }
export const VERIFIER_FOUNDING = {
  tokenHash: 'aaaa',
  policy: { ...DEFAULT_POLICY, trustDomain: 'example-exchange' },
}

/** A change without `Idempotency-Key`. */
export const CHANGE: Change = { actor: 'admin', at: NOW, mark: undefined }

/** A change under a key; `request` stands for the body it came with. */
export const marked = (key: string, request = 'one body'): Change => ({
  ...CHANGE,
  mark: { key, request },
})
