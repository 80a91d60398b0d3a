/// The bytes of one request and its answer, while they are on their way.
struct Exchange {
    private(set) var request: HTTPRequest
    /// The answer so far, unpacked.
    private(set) var received: [UInt8] = []
    private(set) var isTooLarge = false
    /// What the receiver of a download has thrown.
    private(set) var receiverError: (any Error)?
    private let download: Download?
    private let maximumBytes: Int
    private var sentCount = 0

    init(request: HTTPRequest = HTTPRequest(url: ""), download: Download? = nil, maximumBytes: Int = 0) {
        self.request = request
        self.download = download
        self.maximumBytes = maximumBytes
    }

    /// Whether the body of a success is kept, too.
    var keepsAnswer: Bool { download == nil }

    /// Makes room for the announced length; a negative one is unknown.
    mutating func expect(_ count: Int) {
        received.reserveCapacity(min(max(count, 0), maximumBytes))
    }

    /// Hands the bytes over or keeps them, and returns their count; 0 ends the transfer.
    mutating func take(_ bytes: UnsafeRawBufferPointer, status: Int) -> Int {
        guard let download, (200..<300).contains(status) else { return unsafe keep(bytes) }
        do {
            try unsafe download.receive(Span(_unsafeElements: bytes.bindMemory(to: UInt8.self)))
            return bytes.count
        } catch {
            receiverError = error
            return 0
        }
    }

    /// Keeps the bytes and returns their count, or 0 if they are more than allowed.
    private mutating func keep(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= maximumBytes - received.count else {
            isTooLarge = true
            return 0
        }
        unsafe received.append(contentsOf: bytes)
        return bytes.count
    }

    /// Copies the next bytes of the body into libcurl's send buffer and returns their count; 0 at the end.
    mutating func fill(_ space: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(space.count, request.body.count - sentCount)
        unsafe request.body.withUnsafeBytes { body in
            unsafe space.copyMemory(from: UnsafeRawBufferPointer(rebasing: body[sentCount..<sentCount + count]))
        }
        sentCount += count
        return count
    }

    /// Goes back in the body to send it again; false if there is no such place.
    mutating func rewind(to offset: Int) -> Bool {
        guard (0...request.body.count).contains(offset) else { return false }
        sentCount = offset
        return true
    }
}
