import type { Provider } from 'oidc-provider'

/**
 * NOTE: stands in for your login and consent pages. Whoever comes is `operator@buyer`, and agrees to
 * what the client asks for.
 */
export function signEverybodyIn(provider: Provider): void {
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next()
    const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res)
    if (prompt.name === 'login') {
      const login = { accountId: 'operator@buyer' }
      return provider.interactionFinished(ctx.req, ctx.res, { login })
    }
    const accountId = session?.accountId ?? ''
    const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) })
    grant.addOIDCScope(String(params['scope']))
    const consent = { grantId: await grant.save() }
    return provider.interactionFinished(ctx.req, ctx.res, { consent })
  })
}
