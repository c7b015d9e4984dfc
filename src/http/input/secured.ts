import * as json from '../../domain/json/decode.ts'
import { isJsonObject, type Json } from '../../domain/json/strict-json.ts'

/** A credential or a presentation in any form in which it may be secured. */
export const secured: json.Decoder<Json> = json.where(
  (value): value is Json => typeof value === 'string' || isJsonObject(value),
  'a compact JWS or an object',
)
