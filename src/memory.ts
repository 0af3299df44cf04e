import { totalmem } from 'node:os'

/** Bytes that what is read of a file may take: 60 % of the memory of the machine, or of the container that this runs in. */
export const memoryToUse = () => 0.6 * Math.min(totalmem(), process.constrainedMemory() || Infinity)
