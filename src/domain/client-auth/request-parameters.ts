import { canonicalJson } from '../json/canonical.ts'
import { parseStrictJsonText, type Json, type JsonObject } from '../json/strict-json.ts'
import { failed, passed, type Check } from '../verification/check.ts'

/** What authenticates the client, and so stands beside a request object (RFC 9126 §3). */
const BESIDE: readonly string[] = [
  'client_id',
  'client_assertion',
  'client_assertion_type',
  'request',
]

/** Evidence repeats at most so many names of parameters. */
const MAX_NAMES = 16
const MAX_NAME_CHARACTERS = 64

/**
 * The parameters beside a request object. Only the object counts (RFC 9101 §6.3), so a parameter
 * outside is never read; but one that contradicts the object is refused (W128 R14), at the PAR endpoint
 * also one that the object lacks (RFC 9126 §3, row A3), and everywhere a `request_uri` beside `request`.
 */
export function parameterChecks(
  claims: JsonObject,
  parameters: JsonObject,
  { clientId, endpoint }: { readonly clientId: string; readonly endpoint: 'par' | 'authorize' },
): readonly Check[] {
  const rule = 'R14'
  const names = Object.keys(parameters)
  const outside = names.filter((name) => !BESIDE.includes(name))
  const differing = outside.filter((name) => {
    if (!Object.hasOwn(claims, name)) return false
    return !isSame(parameters[name], claims[name])
  })
  const lacking = outside.filter((name) => !Object.hasOwn(claims, name))
  const refused = [
    ...(Object.hasOwn(parameters, 'client_id') && parameters['client_id'] !== clientId
      ? ['client_id']
      : []),
    ...differing,
    ...(endpoint === 'par' ? lacking : lacking.filter((name) => name === 'request_uri')),
  ]
  const evidence = (list: readonly string[]) => ({
    parameters: list.slice(0, MAX_NAMES).map((name) => name.slice(0, MAX_NAME_CHARACTERS)),
  })
  if (refused.length > 0)
    return [failed('parameters', 'parameter_not_allowed', { rule, evidence: evidence(refused) })]
  return [
    passed('parameters', {
      rule,
      ...(lacking.length === 0 ? {} : { evidence: evidence(lacking) }),
    }),
  ]
}

/** A parameter is a text; what is no text in the object is written as JSON in it, a number as it is. */
function isSame(parameter: Json | undefined, claim: Json | undefined): boolean {
  if (parameter === undefined || claim === undefined) return false
  if (canonicalJson(parameter) === canonicalJson(claim)) return true
  if (typeof parameter !== 'string' || typeof claim === 'string') return false
  const read = parseStrictJsonText(parameter)
  return read.ok && canonicalJson(read.value) === canonicalJson(claim)
}
