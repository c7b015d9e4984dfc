import { parseDidUrl, type DidUrl } from '../../domain/did/did-url.ts'
import { percentDecoded } from '../../domain/percent-decoded.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import { dateTimeStamp, parseDateTimeStamp, type EpochSeconds } from '../../domain/time.ts'
import type { ResolutionWish } from '../../use-cases/resolve-did.ts'
import type { PathIdentifier } from './identifier-path.ts'

export interface ResolutionRequest {
  readonly wish: ResolutionWish
  /** Whether relative DID URLs in the document are to be written out. */
  readonly expandRelativeUrls: boolean
}

export interface DereferencingRequest extends ResolutionRequest {
  readonly didUrl: DidUrl
}

export type ResolutionRequestRefusal =
  | { readonly reason: 'options_invalid'; readonly option: string }
  | { readonly reason: 'did_url_invalid' }

type Parameters = ReadonlyMap<string, string>

/** DID parameters that may stand in the request's own query, where a caller did not encode the `?`. */
const SERVICE_PARAMETERS = ['service', 'serviceType', 'relativeRef']
const OPTIONS = [
  'versionId',
  'versionTime',
  'noCache',
  'expandRelativeUrls',
  'verificationRelationship',
  'hl',
]
/** Asked for and not to be had: a hash to check, a relationship to enforce. Passing over them would be a lie. */
const UNSUPPORTED = ['verificationRelationship', 'hl']
const KNOWN = [...OPTIONS, ...SERVICE_PARAMETERS]
const ASCII = /^[ -~]*$/

/**
 * True when what is asked for goes beyond a DID: its own path, query or fragment, or a service parameter
 * in the query of the request. `%23` in a path that was not encoded as a whole begins the fragment,
 * which a URL cannot carry otherwise.
 */
export const namesDidUrl = ({ text, decoded }: PathIdentifier, query: string): boolean =>
  (decoded ? /[/?#]/ : /%23/).test(text) || serviceParameterIn(query) !== undefined

/**
 * The options of a resolution (DID Resolution §4.1), from the query of the request. Refuses parameters
 * that ask for a service, there or in the path: a document is no answer to them.
 */
export function readResolution(
  { text, decoded }: PathIdentifier,
  query: string,
): Result<ResolutionRequest, ResolutionRequestRefusal> {
  const own = decoded ? (/\?([^#]*)/.exec(text)?.[1] ?? '') : ''
  const service = serviceParameterIn(own) ?? serviceParameterIn(query)
  if (service !== undefined) return refuse({ reason: 'options_invalid', option: service })
  const parameters = readQuery(query)
  return parameters.ok ? readOptions(parameters.value) : parameters
}

const serviceParameterIn = (query: string): string | undefined =>
  query === ''
    ? undefined
    : SERVICE_PARAMETERS.find((known) => query.split('&').some((pair) => nameIn(pair) === known))

/** The decoded name of a parameter; `undefined` for broken percent-encoding. */
const nameIn = (pair: string): string | undefined => percentDecoded(pair.split('=', 1).join(''))

/** The DID URL to dereference: from the path, with the service parameters of the query. */
export function readDereferencing(
  identifier: PathIdentifier,
  query: string,
): Result<DereferencingRequest, ResolutionRequestRefusal> {
  const parameters = readQuery(query)
  if (!parameters.ok) return parameters
  const text = identifier.decoded ? identifier.text : identifier.text.replace('%23', '#')
  const parsed = parseDidUrl(text)
  if (!parsed.ok) return parsed
  const own = parsed.value.parameters
  const repeated = [...own.keys()].find((name) => parameters.value.has(name))
  if (repeated !== undefined) return refuse({ reason: 'did_url_invalid' })
  const options = readOptions(new Map([...parameters.value, ...own]))
  if (!options.ok) return options
  const services = SERVICE_PARAMETERS.flatMap((name) => {
    const value = parameters.value.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const didUrl = { ...parsed.value, parameters: new Map([...own, ...services]) }
  return ok({ ...options.value, didUrl })
}

/** Names that we know may come once; every value is ASCII once it is decoded (§3). Other names are passed over. */
function readQuery(query: string): Result<Parameters, ResolutionRequestRefusal> {
  const parameters = new Map<string, string>()
  if (query === '') return ok(parameters)
  for (const pair of query.split('&')) {
    const name = nameIn(pair)
    const value = percentDecoded(pair.split('=').slice(1).join('='))
    const known = KNOWN.find((one) => one === name)
    if (name === undefined || value === undefined || !ASCII.test(value) || parameters.has(name))
      return refuse({ reason: 'options_invalid', option: known ?? 'query' })
    if (known !== undefined) parameters.set(known, value)
  }
  return ok(parameters)
}

function readOptions(parameters: Parameters): Result<ResolutionRequest, ResolutionRequestRefusal> {
  const versionTime = readVersionTime(parameters.get('versionTime'))
  if (versionTime === 'invalid') return refuse({ reason: 'options_invalid', option: 'versionTime' })
  const noCache = readFlag(parameters.get('noCache'))
  if (noCache === undefined) return refuse({ reason: 'options_invalid', option: 'noCache' })
  const expandRelativeUrls = readFlag(parameters.get('expandRelativeUrls'))
  if (expandRelativeUrls === undefined)
    return refuse({ reason: 'options_invalid', option: 'expandRelativeUrls' })
  const wish: ResolutionWish = {
    versionId: parameters.get('versionId'),
    versionTime,
    unsupported: UNSUPPORTED.find((name) => parameters.has(name)),
    noCache,
  }
  return ok({ wish, expandRelativeUrls })
}

/** UTC in whole seconds and in no other spelling (DID Resolution §3.1). */
function readVersionTime(text: string | undefined): EpochSeconds | undefined | 'invalid' {
  if (text === undefined) return undefined
  const instant = parseDateTimeStamp(text)
  return instant !== undefined && dateTimeStamp(instant) === text ? instant : 'invalid'
}

const readFlag = (text: string | undefined): boolean | undefined =>
  text === undefined || text === 'false' ? false : text === 'true' ? true : undefined
