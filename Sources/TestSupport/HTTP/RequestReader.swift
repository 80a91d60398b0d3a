/// Cuts the bytes of one connection into requests.
struct RequestReader {
    struct Message {
        let method: String
        let target: String
        let headers: [String: String]
        let body: [UInt8]
    }

    private var bytes: [UInt8] = []

    /// The next request, or nil when the client has closed the connection.
    mutating func next(from socket: borrowing Socket) -> Message? {
        while true {
            if let message = takeMessage() {
                return message
            }
            guard socket.read(into: &bytes) else { return nil }
        }
    }

    /// Only bodies with `Content-Length` are understood.
    private mutating func takeMessage() -> Message? {
        guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            headers[field[0].lowercased()] = String((field.last ?? "").drop { $0 == " " })
        }
        let end = head.upperBound + (headers["content-length"].flatMap { Int($0) } ?? 0)
        guard bytes.count >= end else { return nil }
        let start = lines.first?.split(separator: " ") ?? []
        let body = Array(bytes[head.upperBound..<end])
        bytes.removeFirst(end)
        return Message(
            method: start.first.map(String.init) ?? "",
            target: start.dropFirst().first.map(String.init) ?? "",
            headers: headers,
            body: body
        )
    }
}
