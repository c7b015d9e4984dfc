import { ResponseBodyError } from 'openid-client'

/** The OAuth error that a server answered; `none` when it did not refuse. */
export const oauthError = async (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'none',
    (error: unknown) => (error instanceof ResponseBodyError ? error.error : String(error)),
  )
