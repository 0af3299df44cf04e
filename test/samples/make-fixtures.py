"""
Writes the files in fixtures/, each the way its program writes by default unless the name says otherwise:
    python make-fixtures.py          made with pyarrow 25.0.1, pandas 3.0.6, polars 1.44.2, numpy 2.4.6

All hold the same 24 rows (example-samples.ts repeats the formulas): epochs 0 and 10 of 12 rows, four inputs, samples
of three numbers, exact in f16 as well as in decimals. `repeats-*` are 128 kB of repetition, so that LZ4 has several
blocks that refer back.
"""
import pathlib

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

folder = pathlib.Path(__file__).parent / 'fixtures'
folder.mkdir(exist_ok=True)

rows, width = 24, 3
i, j = np.arange(rows), np.arange(width)
s = ((7 * i[:, None] + 3 * j) % 16) / 8 - 1 + i[:, None] / 64
epoch = np.where(i < 12, 0, 10)
kind = (i + (i >= 12)) % 4
x = 7 * kind - 3
y = np.array(['cat', 'dog'])[kind % 2]
w = (kind + 1) / 8


def lists(type, item):
    flat = pa.array(s.astype(item).reshape(-1))
    if type == 'fixed':
        return pa.FixedSizeListArray.from_arrays(flat, width)
    return pa.ListArray.from_arrays(pa.array(np.arange(0, rows * width + 1, width, dtype='i4')), flat)


def table(type='fixed', item='f4', **more):
    columns = {'epoch': epoch, 'note': ['unused'] * rows, 's': lists(type, item), 'x': x, 'y': y, 'w': w}
    return pa.table({**columns, **more})


# Arrow files and streams
frame = pd.DataFrame({'epoch': epoch, 's': list(s.astype('f4')), 'x': x, 'y': y, 'w': w})
frame.to_feather(folder / 'pandas.feather')
pa.feather.write_feather(table(), folder / 'pyarrow-zstd.feather', compression='zstd', chunksize=10)
pa.feather.write_feather(table('list', 'f8'), folder / 'pyarrow-lz4-f64.feather', compression='lz4', chunksize=7)
pa.feather.write_feather(table('list', 'f2'), folder / 'pyarrow-f16.arrow', compression='uncompressed')
pa.feather.write_feather(
    table('fixed', 'f4', x=pa.array(x).cast('int8'), y=pa.array(y).dictionary_encode(), w=pa.array(w).cast('float32')),
    folder / 'pyarrow-dictionary.arrow',
    compression='lz4',
    chunksize=5,
)


def stream(name, batches, **options):
    with pa.ipc.new_stream(folder / name, batches[0].schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for batch in batches:
            writer.write_batch(batch)


stream('pyarrow.arrows', table().to_batches(max_chunksize=10))
stream('pyarrow-lz4.arrows', table().to_batches(max_chunksize=10), compression='lz4')
# The dictionary of the second batch continues (delta) the first's.
deltas = [pa.DictionaryArray.from_arrays(pa.array([0, 1]), values) for values in (['b', 'a'], ['b', 'a', 'c'])]
deltas[1] = pa.DictionaryArray.from_arrays(pa.array([2, 0]), ['b', 'a', 'c'])
stream('dictionary-deltas.arrows', [pa.record_batch({'s': [0.5, 1.5], 'x': d}) for d in deltas], emit_dictionary_deltas=True)

polars = pl.DataFrame(
    {'epoch': epoch, 's': s.astype('f4'), 'x': x, 'y': y, 'w': w},
    schema_overrides={'s': pl.Array(pl.Float32, width)},
)
long = polars.with_columns(y=pl.col('y') + pl.lit(', and more than twelve bytes'))
polars.write_ipc(folder / 'polars.arrow')
polars.write_ipc(folder / 'polars-lz4.arrow', compression='lz4')
long.with_columns(pl.col('s').cast(pl.List(pl.Float64))).write_ipc(folder / 'polars-zstd-f64.arrow', compression='zstd')
polars.with_columns(pl.col('y').cast(pl.Categorical)).write_ipc_stream(folder / 'polars-categorical.arrows')

# Wide columns, some of them single
wide = pd.DataFrame({**{f's{k}': s[:, k].astype('f4') for k in range(width)}, 'x': x, 'y': y, 'w': w, 'epoch': epoch})
wide.to_feather(folder / 'pandas-wide.feather')

repeats = np.tile(np.arange(16.0), 1024)
for compression in ('lz4', 'zstd'):
    flat = pa.FixedSizeListArray.from_arrays(pa.array(repeats), 4)
    pa.feather.write_feather(pa.table({'s': flat}), folder / f'repeats-{compression}.feather', compression=compression)

# Parquet
for compression in ('snappy', 'zstd', 'gzip', 'lz4', 'brotli', 'none'):
    pa.parquet.write_table(table('list'), folder / f'pyarrow-{compression}.parquet', compression=compression, row_group_size=10)
pa.parquet.write_table(table('fixed', 'f8'), folder / 'pyarrow-f64-v2-pages.parquet', data_page_version='2.0')
pa.parquet.write_table(table('list', 'f2'), folder / 'pyarrow-f16.parquet')
polars.write_parquet(folder / 'polars.parquet')
wide.to_parquet(folder / 'pandas-wide.parquet')

# NumPy
arrays = {'s': s, 'x': x, 'y': y, 'w': w, 'epoch': epoch}
np.save(folder / 's.npy', s.astype('f4'))
np.save(folder / 's-fortran.npy', np.asfortranarray(s))
np.save(folder / 's-big-endian.npy', s.astype('>f4'))
np.save(folder / 's-f16.npy', s.astype('f2'))
np.save(folder / 's-integers.npy', (64 * s).astype('>i8'))
np.save(folder / 's-objects.npy', s.astype(object))
with open(folder / 's-version-3.npy', 'wb') as file:
    np.lib.format.write_array(file, s.astype('f4'), version=(3, 0))
np.savez(folder / 'arrays.npz', **arrays)
np.savez_compressed(folder / 'arrays-compressed.npz', **{**arrays, 's': s.astype('f4'), 'y': y.astype('S')})

# Text
wide.to_csv(folder / 'pandas.csv', index=False)

# What must be refused
np.savez(folder / 'lengths-differ.npz', s=s, x=x[:5])
