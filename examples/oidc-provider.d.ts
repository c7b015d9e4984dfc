/** The part that is used here; the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  /** What koa hands to middleware, as far as it is used. */
  export interface Context {
    readonly path: string
    readonly method: string
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly oidc: { readonly body: Record<string, unknown> | undefined }
    body: unknown
    status: number
  }

  export interface Interaction {
    readonly prompt: { readonly name: string }
    readonly params: Readonly<Record<string, unknown>>
    readonly session?: { readonly accountId: string }
  }

  export class Provider {
    readonly InitialAccessToken: new (payload: {
      readonly jti: string
      readonly policies: readonly string[]
    }) => { save(): Promise<string> }
    readonly Grant: new (payload: { readonly accountId: string; readonly clientId: string }) => {
      addOIDCScope(scope: string): void
      save(): Promise<string>
    }
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    callback(): RequestListener
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): void
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>
    interactionFinished(
      req: IncomingMessage,
      res: ServerResponse,
      result: Readonly<Record<string, unknown>>,
    ): Promise<void>
  }

  /** OAuth errors, which the provider answers as they are. */
  export const errors: {
    readonly InvalidClientMetadata: new (description: string, detail?: string) => Error
    readonly InvalidGrant: new (detail: string) => Error
    readonly InvalidRequest: new (description: string) => Error
    readonly CustomOIDCProviderError: new (error: string, description: string) => Error
  }
}
