/** Files that people have in place of ONNX, known by their first bytes: what they are and what to do. */
const exported = "export it with torch.onnx.export(model.eval(), an_input, 'model.onnx')"
const pickle =
  `a Python pickle (.pt, .pth, .ckpt), which can run code when it is read: ${exported}, ` +
  'or convert it with scripts/torch_export.py'
const keras = 'a Keras model: convert it with tf2onnx'

const others: [begins: RegExp, what: string][] = [
  [/^PK\x03\x04[^]*\.pkl/, pickle],
  [/^PK\x03\x04[^]*(\.h5|config\.json)/, keras],
  [/^PK\x03\x04/, 'a ZIP archive: unpack it'],
  [/^\x80[\x01-\x05]/, pickle],
  [/^\x89HDF/, `HDF5, ${keras}`],
  [/^[^]{4}\0\0\0\0\{/, 'safetensors: rename it to .safetensors, and describe the network in the YAML file'],
  [/^[^]{4}TFL3/, 'TensorFlow Lite: convert it with tf2onnx'],
  [/^[^]{4}ORTM/, "ONNX Runtime's own format: take the .onnx file that it was made of"],
  [/^\x93NUMPY/, "NumPy's .npy, which holds an array and no network"],
  [/^GGUF/, 'GGUF: export the model that it was made of'],
  [/^\x1f\x8b/, 'compressed with gzip: unpack it (gunzip)'],
  [/^\x28\xb5\x2f\xfd/, 'compressed with Zstandard: unpack it (zstd -d)'],
  [/^version https:\/\/git-lfs/, 'a pointer of Git LFS in place of the file: fetch it with git lfs pull'],
  [/^\s*[{[<]/, `text, such as JSON or XML: ${exported}`],
]

/** What the file is and what to do if it is known and no ONNX, else null. @param head its first bytes, latin1 */
export function knownFormat(head: string): string | null {
  return others.find(([begins]) => begins.test(head))?.[1] ?? null
}
