import CLMDB
import CMATLAB
import CZlib
import Foundation

/// Containers of data that tests make themselves.
public enum Containers {
  /// A tar file in ustar form.
  public static func tar(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var file: [UInt8] = []
    for (name, bytes) in entries {
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, at offset: Int) {
        header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
      }
      func octal(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
      }
      put(name, at: 0)
      put("0000644", at: 100)
      put("0000000", at: 108)
      put("0000000", at: 116)
      put(octal(bytes.count, digits: 11), at: 124)
      put("00000000000", at: 136)
      put("        ", at: 148)
      put("0", at: 156)
      put("ustar\0" + "00", at: 257)
      put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
      file += header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
    return file + [UInt8](repeating: 0, count: 1024)
  }

  /// The bytes in gzip's form.
  public static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    var input = bytes
    let count = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return target.count - Int(stream.avail_out)
      }
    }
    deflateEnd(&stream)
    return Array(output[..<count])
  }

  /// An LMDB folder.
  public static func lmdb(_ entries: [(key: String, value: [UInt8])], in folder: String) {
    var environment: OpaquePointer?
    var transaction: OpaquePointer?
    var database: MDB_dbi = 0
    precondition(mdb_env_create(&environment) == 0)
    mdb_env_set_mapsize(environment, 1 << 24)
    precondition(mdb_env_open(environment, folder, 0, 0o600) == 0)
    precondition(mdb_txn_begin(environment, nil, 0, &transaction) == 0)
    precondition(mdb_dbi_open(transaction, nil, 0, &database) == 0)
    for (name, bytes) in entries {
      var (key, value) = (Array(name.utf8), bytes)
      key.withUnsafeMutableBytes { key in
        value.withUnsafeMutableBytes { value in
          var keyValue = MDB_val(mv_size: key.count, mv_data: key.baseAddress)
          var valueValue = MDB_val(mv_size: value.count, mv_data: value.baseAddress)
          precondition(mdb_put(transaction, database, &keyValue, &valueValue, 0) == 0)
        }
      }
    }
    precondition(mdb_txn_commit(transaction) == 0)
    mdb_env_close(environment)
  }

  /// A MATLAB 5 file with arrays of bytes.
  public static func matlab(
    _ arrays: [(name: String, sizes: [Int], bytes: [UInt8])], isCompressed: Bool, at path: String
  ) {
    let file = Mat_CreateVer(path, nil, MAT_FT_MAT5)
    for (name, sizes, values) in arrays {
      var (dimensions, bytes) = (sizes, values)
      dimensions.withUnsafeMutableBytes { sizes in
        let variable = Mat_VarCreate(
          name, MAT_C_UINT8, MAT_T_UINT8, Int32(values.isEmpty ? 0 : sizes.count / 8),
          sizes.assumingMemoryBound(to: Int.self).baseAddress, &bytes, 0)
        Mat_VarWrite(file, variable, isCompressed ? MAT_COMPRESSION_ZLIB : MAT_COMPRESSION_NONE)
        Mat_VarFree(variable)
      }
    }
    Mat_Close(file)
  }
}
