import type { JsonObject } from '../json/strict-json.ts'
import { isJsonList } from './data-model-checks.ts'

/** The versions of the Verifiable Credentials Data Model (VCDM) that this service speaks. */
export type DataModel = '1.1' | '2.0'

/** The context that a credential of each data model names first (VCDM 1.1 §4.1, VCDM 2.0 §4.3). */
export const BASE_CONTEXTS: Readonly<Record<DataModel, string>> = {
  '1.1': 'https://www.w3.org/2018/credentials/v1',
  '2.0': 'https://www.w3.org/ns/credentials/v2',
}

/** The data model that the first context names; `undefined` when that is neither base context. */
export function dataModelOf(credential: JsonObject): DataModel | undefined {
  const context = credential['@context']
  const first = isJsonList(context) ? context[0] : context
  if (first === BASE_CONTEXTS['2.0']) return '2.0'
  return first === BASE_CONTEXTS['1.1'] ? '1.1' : undefined
}
