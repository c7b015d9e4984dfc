import { epochSeconds } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'

export const systemClock: Clock = { now: () => epochSeconds(Math.floor(Date.now() / 1000)) }
