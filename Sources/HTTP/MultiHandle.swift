internal import CLibCurl

/// libcurl's multi handle: the set of transfers under way and the pool of connections they share.
///
/// SAFETY: freed once, in `deinit`. Everything but `wakeUp` is called on the transfer thread alone, and
/// `curl_multi_wakeup` is the one function that libcurl allows from other threads.
@safe final class MultiHandle: @unchecked Sendable {
    /// A transfer that libcurl is done with.
    struct Finished {
        let easy: EasyHandle.ID
        let result: CURLcode
    }

    private let handle: OpaquePointer

    /// The result of `curl_global_init`, called once for the process.
    ///
    /// Thread-safe from libcurl 7.84 on.
    private static let globalInit = curl_global_init(CLong(CURL_GLOBAL_SSL | CURL_GLOBAL_WIN32))

    init(maximumConnections: Int) throws {
        guard Self.globalInit == CURLE_OK else {
            throw HTTPError(setUp: HTTPError.Code(Self.globalInit), message: "libcurl could not be set up")
        }
        guard let handle = unsafe curl_multi_init() else {
            throw HTTPError(setUp: .outOfMemory, message: "libcurl gave no multi handle")
        }
        unsafe self.handle = handle
        try Self.check(unsafe clibcurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, CLong(maximumConnections)))
    }

    deinit {
        unsafe curl_multi_cleanup(handle)
    }

    func add(_ easy: EasyHandle) throws {
        try Self.check(unsafe curl_multi_add_handle(handle, easy.handle))
    }

    func remove(_ easy: EasyHandle) {
        // Fails only for a handle that is not in the set, which is then as wanted.
        unsafe _ = curl_multi_remove_handle(handle, easy.handle)
    }

    /// Moves every transfer on as far as it goes without waiting.
    func perform() throws {
        var running: CInt = 0
        try Self.check(unsafe curl_multi_perform(handle, &running))
    }

    /// Waits for a socket, one of libcurl's own timers, or `wakeUp`.
    func poll() throws {
        try Self.check(unsafe curl_multi_poll(handle, nil, 0, 60_000, nil))
    }

    /// Makes the current or the next `poll` return; may be called from any thread.
    func wakeUp() {
        unsafe _ = curl_multi_wakeup(handle)
    }

    func nextFinished() -> Finished? {
        var remaining: CInt = 0
        while let message = unsafe curl_multi_info_read(handle, &remaining) {
            if unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle {
                return unsafe Finished(easy: EasyHandle.ID(handle: easy), result: message.pointee.data.result)
            }
        }
        return nil
    }

    private static func check(_ code: CURLMcode) throws {
        guard code == CURLM_OK else {
            throw HTTPError(setUp: .outOfMemory, message: unsafe String(cString: curl_multi_strerror(code)))
        }
    }
}
