/** The schema of a stream by flatbuffers alone: a column of columns of columns, where both inner ones are the same table. */
import { Builder } from 'flatbuffers'
import { Field } from 'apache-arrow/fb/field'
import { Int } from 'apache-arrow/fb/int'
import { Message } from 'apache-arrow/fb/message'
import { MessageHeader } from 'apache-arrow/fb/message-header'
import { Schema } from 'apache-arrow/fb/schema'
import { Struct_ } from 'apache-arrow/fb/struct-'
import { Type } from 'apache-arrow/fb/type'

/** `depth` columns that hold the one below twice: 2^depth in all. */
export function sharedFields(depth: number): Buffer {
  const builder = new Builder()
  const name = builder.createString('s')
  const column = (kind: Type, type: number, children: number[]) => {
    const inside = Field.createChildrenVector(builder, children)
    Field.startField(builder)
    Field.addName(builder, name)
    Field.addTypeType(builder, kind)
    Field.addType(builder, type)
    Field.addChildren(builder, inside)
    return Field.endField(builder)
  }
  let field = column(Type.Int, Int.createInt(builder, 32, true), [])
  for (let i = 0; i < depth; i++) {
    Struct_.startStruct_(builder)
    field = column(Type.Struct_, Struct_.endStruct_(builder), [field, field])
  }
  const fields = Schema.createFieldsVector(builder, [field])
  Schema.startSchema(builder)
  Schema.addFields(builder, fields)
  const schema = Schema.endSchema(builder)
  Message.startMessage(builder)
  Message.addHeaderType(builder, MessageHeader.Schema)
  Message.addHeader(builder, schema)
  builder.finish(Message.endMessage(builder))
  const bytes = builder.asUint8Array()
  const padded = Buffer.alloc(8 * Math.ceil(bytes.length / 8))
  padded.set(bytes)
  const prefix = Buffer.alloc(8, 0xff)
  prefix.writeInt32LE(padded.length, 4)
  return Buffer.concat([prefix, padded])
}
