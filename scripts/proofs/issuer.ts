import { gunzipSync, inflateSync } from 'node:zlib'
import { decodeJwt } from 'jose'
import { at, call, textAt, type Answer, type Json } from '../demo/http.ts'

export type Purpose = 'revocation' | 'suspension'

/** Where a credential's status is kept. */
export interface Place {
  readonly purpose: string
  /** Last segment of the list's URL. */
  readonly list: string
  readonly index: number
}

/** An issuer of a service, as one of its callers sees it. */
export interface ProvedIssuer {
  readonly url: string
  readonly token: string
}

export async function createIssuer(
  { url, adminToken }: { readonly url: string; readonly adminToken: string },
  id: string,
): Promise<ProvedIssuer> {
  const { body } = await call('POST', `${url}/admin/issuers`, {
    token: adminToken,
    body: { id, name: 'Example Registrar', keys: ['dev-ed25519'] },
  })
  return { url: `${url}/issuers/${id}`, token: textAt(body, 'token') }
}

/** The answer to one call of the issuer's own, as it is: 503 and all. */
export async function post(
  { url, token }: ProvedIssuer,
  path: string,
  body: unknown,
  key?: string,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: JSON.parse(text) as Json, headers: response.headers }
}

/** A credential without schema, named `name`, as the body of an issue call. */
export const draft = (name: string, purposes: readonly Purpose[]) => ({
  credential: { id: name, type: ['VerifiableCredential'], credentialSubject: { name } },
  options: { status: purposes },
})

/** The body of a status call. */
export const statusOf = (name: string, statusPurpose: Purpose, status: boolean) => ({
  credentialId: name,
  credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose },
  status,
})

/** The compact JWS inside the enveloped credential of an answer. */
export const tokenIn = (answer: Json): string =>
  textAt(answer, 'verifiableCredential', 'id').split(',')[1] ?? ''

/** The places in our lists that a credential names. */
export function placesOf(token: string): readonly Place[] {
  const { credentialStatus } = decodeJwt(token) as { credentialStatus?: Json }
  const entries = Array.isArray(credentialStatus)
    ? (credentialStatus as Json[])
    : [credentialStatus]
  return entries.map((entry) => ({
    purpose: textAt(entry, 'statusPurpose'),
    list: textAt(entry, 'statusListCredential').split('/').at(-1) ?? '',
    index: Number(textAt(entry, 'statusListIndex')),
  }))
}

/** Status of every credential of the issuer by id, in the order of issue. */
export async function listing(issuer: ProvedIssuer): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  let cursor = ''
  do {
    const page = await call('GET', `${issuer.url}/credentials?limit=1000${cursor}`, issuer)
    const items = at(page.body, 'items')
    if (!Array.isArray(items)) throw new Error(`the listing answered ${String(page.status)}`)
    for (const item of items as readonly Json[])
      found.set(textAt(item, 'id'), textAt(item, 'status'))
    const next = at(page.body, 'cursor')
    cursor = typeof next === 'string' ? `&cursor=${next}` : ''
  } while (cursor !== '')
  return found
}

/** 0 when the whole audit chain holds, 1 when not. */
export async function auditBroken(issuer: ProvedIssuer): Promise<number> {
  const { body } = await call('GET', `${issuer.url}/audit/verify`, issuer)
  return at(body, 'intact') === true ? 0 : 1
}

/** Last segments of the URLs of all lists of the issuer. */
export async function listsOf(issuer: ProvedIssuer): Promise<readonly string[]> {
  const { body } = await call('GET', `${issuer.url}/status-lists`)
  const urls = at(body, 'status_lists')
  if (!Array.isArray(urls)) throw new Error('no aggregation of status lists')
  return urls.map((url) => String(url).split('/').at(-1) ?? '')
}

export type Form = 'vc+jwt' | 'statuslist+jwt'

/** Statuses of a list by index, each as its form counts them. */
export async function published(
  issuer: ProvedIssuer,
  list: string,
  form: Form,
): Promise<Uint8Array> {
  const { status, body } = await call('GET', `${issuer.url}/status-lists/${list}`, {
    accept: `application/${form}`,
  })
  if (status !== 200 || typeof body !== 'string') {
    throw new Error(`the list answered ${String(status)}`)
  }
  const claims = decodeJwt(body) as Readonly<Record<string, Json>>
  return form === 'vc+jwt'
    ? bitstring(textAt(claims, 'credentialSubject', 'encodedList'))
    : tokenStatuses(textAt(claims, 'status_list', 'lst'))
}

/** Bitstring Status List 1.0 §3.3: the most significant bit of a byte comes first. */
function bitstring(encodedList: string): Uint8Array {
  const bytes = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'))
  return Uint8Array.from(
    { length: bytes.length * 8 },
    (_, index) => ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1,
  )
}

/** Token Status List §4.1 with two bits a status: the least significant ones come first. */
function tokenStatuses(lst: string): Uint8Array {
  const bytes = inflateSync(Buffer.from(lst, 'base64url'))
  return Uint8Array.from(
    { length: bytes.length * 4 },
    (_, index) => ((bytes[index >> 2] ?? 0) >> ((index & 3) * 2)) & 3,
  )
}
