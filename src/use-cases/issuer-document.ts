import { instanceDocument } from '../domain/instance/did-document.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import { issuerServices } from '../domain/instance/issuer-services.ts'
import { anyReplaced, listedKeys } from '../domain/instance/key-schedule.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import type { Ports } from '../ports/index.ts'

/** The document of a hosted issuer: with the keys that it lists now (row K4). */
export async function issuerDocument(
  { clock, issuers, publicUrl, signer }: Pick<Ports, 'clock' | 'issuers' | 'publicUrl' | 'signer'>,
  issuer: Issuer,
): Promise<JsonObject> {
  const now = clock.now()
  const holdings = anyReplaced(issuer.keys, now)
    ? await issuers.keyHoldings(issuer.id)
    : { keys: issuer.keys, lastExpiries: [] }
  const publicKeys = new Map(signer.keys.map(({ kid, publicKeyJwk }) => [kid, publicKeyJwk]))
  const document = instanceDocument({ ...issuer, keys: listedKeys(holdings, now) }, publicKeys)
  return { ...document, service: issuerServices(publicUrl, issuer) }
}
