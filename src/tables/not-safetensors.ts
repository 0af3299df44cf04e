/** Files that people have in place of safetensors, known by their first bytes: what they are, how to convert them. */
import { InputError } from '../errors.js'

const expected = 'expected safetensors'
const saved = "safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"
const converted = `convert it where you trust it: ${saved}, or scripts/torch_export.py, which needs nothing but torch`
const pickle = `a Python pickle (.pt, .pth, .ckpt), which can run code when it is read: ${expected}; ${converted}`
const numpy = `${expected}; write the arrays with safetensors.numpy.save_file`

/** A ZIP archive is known by the names inside, which stand at its beginning and at its end. */
const archives: [inside: string, what: string][] = [
  ['.pkl', pickle],
  ['.npy', `NumPy's .npz: ${numpy}`],
  ['.h5', `a Keras model (.keras): ${expected}; write its arrays with safetensors.numpy.save_file, (out, in) first`],
]

const others: [begins: RegExp, what: string][] = [
  [/^\x80[\x01-\x05]/, pickle],
  [/^\x89HDF/, `HDF5 (Keras' .h5): ${expected}; write its arrays with safetensors.numpy.save_file, (out, in) first`],
  [/^\x93NUMPY/, `NumPy's .npy: ${numpy}`],
  [/^\s*[{[]/, `JSON: ${expected}; write the weights with safetensors.torch.save_file`],
  [/^GGUF/, `GGUF: ${expected}; export the weights from the model it was made of`],
  [/^\x1f\x8b/, `compressed with gzip: ${expected}; unpack it (gunzip)`],
  [/^\x28\xb5\x2f\xfd/, `compressed with Zstandard: ${expected}; unpack it (zstd -d)`],
  [/^version https:\/\/git-lfs/, `a pointer of Git LFS in place of the file: ${expected}; fetch it with git lfs pull`],
]

/**
 * What the file is and what to do, if it is known and no safetensors, else null.
 * @param head its first bytes, one a character (latin1)
 * @param tail its last bytes
 */
export function otherFormat(head: string, tail: string): InputError | null {
  if (head.startsWith('PK\x03\x04')) {
    const [, what = `a ZIP archive: ${expected}; unpack it`] =
      archives.find(([inside]) => head.includes(inside) || tail.includes(inside)) ?? []
    return new InputError(what)
  }
  const found = others.find(([begins]) => begins.test(head))
  return found ? new InputError(found[1]) : null
}
