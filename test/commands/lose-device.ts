// Loaded before the command line: the first LOSSES devices are lost after so many submissions (AFTER), as when a driver is restarted.
import { globals } from 'webgpu'

let left = Number(process.env.LOSSES)
const { prototype } = (globals as { GPUAdapter: typeof GPUAdapter }).GPUAdapter
const request = prototype.requestDevice

prototype.requestDevice = async function (this: GPUAdapter, ...wanted) {
  const device = await request.apply(this, wanted)
  if (left-- <= 0) return device
  const { queue } = device
  const submit = queue.submit.bind(queue)
  let submissions = 0
  queue.submit = (commands) => {
    if (++submissions === Number(process.env.AFTER)) device.destroy()
    return submit(commands)
  }
  return device
}
