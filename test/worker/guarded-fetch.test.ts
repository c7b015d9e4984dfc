import { guardedFetchSuite } from '../support/guarded-fetch-suite.ts'

guardedFetchSuite('workerd')
