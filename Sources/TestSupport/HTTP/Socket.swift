internal import Glibc

/// A failed call of the operating system.
struct SocketError: Error {
    let call: String
    let reason: CInt = errno
}

/// A TCP socket; whoever owns it closes it by leaving scope.
struct Socket: ~Copyable {
    private let descriptor: CInt

    private init(_ call: String, _ descriptor: CInt) throws {
        guard descriptor >= 0 else { throw SocketError(call: call) }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Listens on a free port of 127.0.0.1.
    static func listening() throws -> Socket {
        let socket = try Socket("socket", Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isBound = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket.descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound, listen(socket.descriptor, 128) == 0 else { throw SocketError(call: "bind") }
        return socket
    }

    var port: Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe _ = getsockname(descriptor, address, &size)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Nil once the socket was shut down.
    func accept() -> Socket? {
        try? Socket("accept", Glibc.accept(descriptor, nil, nil))
    }

    /// Waits for bytes and appends them; false at the end of the stream.
    func read(into bytes: inout [UInt8]) -> Bool {
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 256 << 10) { space, count in
            unsafe count = max(0, recv(descriptor, space.baseAddress, space.count, 0))
        }
        bytes += chunk
        return !chunk.isEmpty
    }

    /// Sends everything, or stops when the client is gone.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// Ends the stream in both directions, which wakes a thread that waits in `accept` or `read`.
    func shutDown() {
        shutdown(descriptor, CInt(SHUT_RDWR))
    }
}
