export const docsPage = (_openapi: object, version: string): string => version
