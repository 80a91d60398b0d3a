internal import CLibCurl

/// libcurl's easy handle for one request at a time, to be used again for the next.
///
/// SAFETY: belongs to the transfer thread, where libcurl also makes its callbacks. libcurl has the address of this
/// object and of `errorText` while a transfer is under way; the loop keeps the object alive for as long, and
/// `deinit` frees everything once.
@safe final class EasyHandle {
    /// Tells handles apart without pointing to one.
    struct ID: Hashable {
        private let address: Int

        init(handle: OpaquePointer) {
            address = Int(bitPattern: handle)
        }
    }

    let handle: OpaquePointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var exchange = Exchange()

    init() throws {
        guard let handle = unsafe curl_easy_init() else {
            throw HTTPError(setUp: .outOfMemory, message: "libcurl gave no handle for a request")
        }
        unsafe self.handle = handle
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headerList)
        unsafe errorText.deallocate()
    }

    var id: ID { unsafe ID(handle: handle) }

    /// Whether any byte of the request was written to a connection.
    var hasSentBytes: Bool { long(CURLINFO_REQUEST_SIZE) > 0 }

    /// Makes the handle ready to be added to the multi handle.
    func prepare(_ transfer: Transfer, _ configuration: HTTPClient.Configuration) throws {
        let request = transfer.request
        unsafe curl_easy_reset(handle)
        unsafe errorText.pointee = 0
        exchange = Exchange(
            request: request,
            download: transfer.download,
            maximumBytes: configuration.maximumResponseBytes
        )
        try setConnection(configuration)
        try setLimits(of: request, transfer.download)
        try set(CURLOPT_URL, request.url)
        try setHeaders(of: request)
        try setMethod(of: request)
        try setCallbacks()
    }

    /// The answer or the failure of the transfer that libcurl ended with `result`; call after removing the handle.
    func outcome(_ result: CURLcode) -> Result<HTTPResponse, any Error> {
        let request = exchange.request
        guard result == CURLE_OK else {
            if let error = exchange.receiverError {
                return .failure(error)
            }
            let code = exchange.isTooLarge ? HTTPError.Code.answerTooLarge : HTTPError.Code(result)
            let detail = exchange.isTooLarge ? "the answer is larger than allowed" : failureText
            return .failure(
                HTTPError(code, request: request, message: detail, requestMayHaveBeenSent: hasSentBytes)
            )
        }
        let status = long(CURLINFO_RESPONSE_CODE)
        return .success(HTTPResponse(status: status, headers: answerHeaders(), body: exchange.received))
    }

    /// Lets go of the request and its answer.
    func clear() {
        exchange = Exchange()
    }

    /// libcurl's sentence about this very failure, which names the host or the TLS problem; nil if it gave none.
    private var failureText: String? {
        let text = unsafe String(cString: errorText)
        return text.isEmpty ? nil : text
    }

    private func answerHeaders() -> HTTPHeaders {
        var headers = HTTPHeaders()
        var last: UnsafeMutablePointer<curl_header>?
        while let next = unsafe curl_easy_nextheader(handle, CUnsignedInt(CURLH_HEADER), -1, last) {
            unsafe headers.add(String(cString: next.pointee.name), String(cString: next.pointee.value))
            unsafe last = next
        }
        return headers
    }

    private func long(_ info: CURLINFO) -> Int {
        var value: CLong = 0
        unsafe _ = clibcurl_get_long(handle, info, &value)
        return value
    }
}

// MARK: - Options

extension EasyHandle {
    /// Read from the body at a time: a batch of contacts in one piece.
    private static let uploadBufferBytes = 256 << 10
    private static let receiveBufferBytes = 64 << 10

    private func setConnection(_ configuration: HTTPClient.Configuration) throws {
        try set(CURLOPT_NOSIGNAL, 1)
        // Otherwise ending a transfer waits for a name look-up that is under way, and all other transfers with it.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, Self.uploadBufferBytes)
        try set(CURLOPT_BUFFERSIZE, Self.receiveBufferBytes)
        try set(CURLOPT_USERAGENT, configuration.userAgent)
        // Empty: every encoding this libcurl can unpack.
        try set(CURLOPT_ACCEPT_ENCODING, "")
        if let file = configuration.certificateAuthorities {
            try set(CURLOPT_CAINFO, file)
        }
    }

    private func setLimits(of request: HTTPRequest, _ download: Download?) throws {
        if let download {
            // Ends a transfer that was slower than one byte a second for that long.
            try set(CURLOPT_LOW_SPEED_LIMIT, 1)
            try set(CURLOPT_LOW_SPEED_TIME, Self.seconds(download.stallTimeout))
        } else {
            try set(CURLOPT_TIMEOUT_MS, Self.milliseconds(request.timeout))
        }
        try set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(request.connectTimeout))
        try set(CURLOPT_FOLLOWLOCATION, request.maximumRedirects > 0 ? 1 : 0)
        try set(CURLOPT_MAXREDIRS, request.maximumRedirects)
        // libcurl repeats a request by itself when a reused connection ends before the first byte of the answer.
        try set(CURLOPT_FRESH_CONNECT, request.mayBeResent ? 0 : 1)
    }

    private func setMethod(of request: HTTPRequest) throws {
        if request.method == .post || !request.body.isEmpty {
            try set(CURLOPT_POST, 1)
            try check(unsafe clibcurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
        }
        switch request.method {
        case .get where request.body.isEmpty, .post:
            break
        case .head:
            try set(CURLOPT_NOBODY, 1)
        case .get, .put, .patch, .delete:
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setHeaders(of request: HTTPRequest) throws {
        unsafe curl_slist_free_all(headerList)
        unsafe headerList = nil
        for field in request.headers.fields {
            guard !field.name.isEmpty, (field.name + field.value).utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw HTTPError(
                    .invalidArgument,
                    request: request,
                    message: "a header field has no name, or a control character in its name or value"
                )
            }
            // In libcurl's notation "Name:" removes a field and "Name;" sends an empty one.
            try appendHeader(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // No wait for "100 Continue" before a large body, and no form content type where none was given.
        try appendHeader("Expect:")
        if request.headers["Content-Type"] == nil {
            try appendHeader("Content-Type:")
        }
        try check(unsafe clibcurl_set_list(handle, CURLOPT_HTTPHEADER, headerList))
    }

    private func appendHeader(_ line: String) throws {
        guard let longer = unsafe curl_slist_append(headerList, line) else {
            throw HTTPError(.outOfMemory, request: exchange.request)
        }
        unsafe headerList = longer
    }

    private func setCallbacks() throws {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try check(unsafe clibcurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
        try check(unsafe clibcurl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(unsafe clibcurl_set_pointer(handle, CURLOPT_READDATA, context))
        try check(unsafe clibcurl_set_pointer(handle, CURLOPT_SEEKDATA, context))
        try check(
            unsafe clibcurl_set_write_function(handle) { bytes, size, count, context in
                guard let context = unsafe context else { return 0 }
                let easy = unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
                return unsafe easy.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
            }
        )
        try check(
            unsafe clibcurl_set_read_function(handle) { space, size, count, context in
                guard let context = unsafe context else { return Int(CURL_READFUNC_ABORT) }
                let easy = unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
                return unsafe easy.exchange.fill(UnsafeMutableRawBufferPointer(start: space, count: size * count))
            }
        )
        try check(
            unsafe clibcurl_set_seek_function(handle) { context, offset, origin in
                // libcurl only ever seeks from the start (SEEK_SET), to send the body again.
                guard let context = unsafe context, origin == 0 else { return CURL_SEEKFUNC_CANTSEEK }
                let easy = unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
                return easy.exchange.rewind(to: Int(offset)) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
            }
        )
    }

    /// Takes bytes of the answer; a count other than theirs makes libcurl end the transfer.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        if exchange.keepsAnswer, exchange.received.isEmpty {
            var announced: curl_off_t = 0
            unsafe _ = clibcurl_get_offset(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced)
            exchange.expect(Int(announced))
        }
        return unsafe exchange.take(bytes, status: long(CURLINFO_RESPONSE_CODE))
    }

    private func set(_ option: CURLoption, _ value: Int) throws {
        try check(unsafe clibcurl_set_long(handle, option, CLong(value)))
    }

    private func set(_ option: CURLoption, _ value: String) throws {
        try check(unsafe clibcurl_set_string(handle, option, value))
    }

    private func check(_ code: CURLcode) throws {
        guard code == CURLE_OK else {
            throw HTTPError(HTTPError.Code(code), request: exchange.request)
        }
    }

    /// At least one millisecond, because 0 means "no limit" to libcurl, and at most the 24 days that it can count.
    private static func milliseconds(_ duration: Duration) -> Int {
        Int(min(max(duration / .milliseconds(1), 1), Double(CInt.max)))
    }

    /// Rounded up, because 0 means "no limit" to libcurl.
    private static func seconds(_ duration: Duration) -> Int {
        Int(min(max((duration / .seconds(1)).rounded(.up), 1), Double(CInt.max)))
    }
}
