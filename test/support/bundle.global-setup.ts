import { builtWorker } from '../../scripts/bundle.ts'

/** Builds the production bundle once, before several services of the same run ask for it. */
export default async function buildBundle(): Promise<void> {
  await builtWorker()
}
