/// A value for `$1` of a statement; the server takes it for the type that the statement says.
public enum PostgresParameter: Sendable {
    /// Converted by the server; nil is NULL.
    case text(String?)
    /// For a `bytea`, as they are; nil is NULL.
    case bytes([UInt8]?)

    var containsNUL: Bool {
        guard case .text(let text?) = self else { return false }
        return text.containsNUL
    }
}

/// Parameters as libpq wants them: in one piece, since they may have megabytes.
struct ParameterList {
    private var bytes: [UInt8] = []
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    private static let textFormat: Int32 = 0
    private static let binaryFormat: Int32 = 1

    init(_ parameters: [PostgresParameter]) {
        for parameter in parameters {
            let start = bytes.count
            switch parameter {
            case .text(var text?):
                text.withUTF8 { unsafe bytes.append(contentsOf: $0) }
                // libpq looks for the end of text itself.
                bytes.append(0)
                add(start, Self.textFormat)
            case .bytes(let value?):
                bytes += value
                add(start, Self.binaryFormat)
            case .text(nil), .bytes(nil):
                add(nil, Self.textFormat)
            }
        }
    }

    var count: Int32 { Int32(clamping: starts.count) }

    private mutating func add(_ start: Int?, _ format: Int32) {
        starts.append(start)
        lengths.append(start.map { Int32(clamping: bytes.count - $0) } ?? 0)
        formats.append(format)
    }

    /// Lends values, lengths and formats to C.
    func withPointers<Value>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) throws -> Value
    ) rethrows -> Value {
        try unsafe bytes.withUnsafeBytes { bytes in
            // An empty `bytea` alone has no bytes to point at, and is not NULL.
            let base = unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
            let values: [UnsafePointer<CChar>?] = unsafe starts.map { start in
                guard let start else { return nil }
                return unsafe base.map { unsafe ($0 + start).assumingMemoryBound(to: CChar.self) }
            }
            return try unsafe values.withUnsafeBufferPointer { values in
                try unsafe lengths.withUnsafeBufferPointer { lengths in
                    try unsafe formats.withUnsafeBufferPointer { formats in
                        try unsafe body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
