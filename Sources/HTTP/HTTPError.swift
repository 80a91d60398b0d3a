internal import CLibCurl

/// A transfer that gave no answer.
///
/// Cancellation is not one of these: it is a `CancellationError`.
public struct HTTPError: Error, Sendable {
    /// libcurl's reason (`CURLcode`); codes without a name here fit as well.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }
    }

    public let code: Code
    /// Method and URL, the latter without credentials, query and fragment.
    public let request: String
    /// What went wrong; safe to log.
    public let message: String
    /// False if it is certain that no byte of the request left: then a repeat cannot have effect twice.
    public let requestMayHaveBeenSent: Bool

    /// Whether the time-out of the request or of the connection was the reason.
    public var isTimeout: Bool { code == .timedOut }

    init(_ code: Code, request: HTTPRequest, message: String? = nil, requestMayHaveBeenSent: Bool = false) {
        self.code = code
        self.request = request.description
        self.message = message ?? code.text
        self.requestMayHaveBeenSent = requestMayHaveBeenSent
    }

    init(setUp code: Code, message: String) {
        self.code = code
        request = "starting the HTTP client"
        self.message = message
        requestMayHaveBeenSent = false
    }
}

extension HTTPError: CustomStringConvertible {
    public var description: String {
        let hint = code.hint.map { "; \($0)" } ?? ""
        return "\(request): \(message) (libcurl \(code.rawValue))\(hint)"
    }
}

extension HTTPError.Code {
    public static let unsupportedProtocol = Self(CURLE_UNSUPPORTED_PROTOCOL)
    public static let malformedURL = Self(CURLE_URL_MALFORMAT)
    public static let couldNotResolveProxy = Self(CURLE_COULDNT_RESOLVE_PROXY)
    public static let couldNotResolveHost = Self(CURLE_COULDNT_RESOLVE_HOST)
    public static let couldNotConnect = Self(CURLE_COULDNT_CONNECT)
    public static let partialAnswer = Self(CURLE_PARTIAL_FILE)
    public static let timedOut = Self(CURLE_OPERATION_TIMEDOUT)
    public static let tlsHandshakeFailed = Self(CURLE_SSL_CONNECT_ERROR)
    /// The client was shut down before the answer was complete.
    public static let shutDown = Self(CURLE_ABORTED_BY_CALLBACK)
    public static let invalidArgument = Self(CURLE_BAD_FUNCTION_ARGUMENT)
    public static let tooManyRedirects = Self(CURLE_TOO_MANY_REDIRECTS)
    public static let emptyAnswer = Self(CURLE_GOT_NOTHING)
    public static let sendFailed = Self(CURLE_SEND_ERROR)
    public static let receiveFailed = Self(CURLE_RECV_ERROR)
    public static let certificateRefused = Self(CURLE_PEER_FAILED_VERIFICATION)
    public static let badContentEncoding = Self(CURLE_BAD_CONTENT_ENCODING)
    /// The answer is larger than the client's `maximumResponseBytes`.
    public static let answerTooLarge = Self(CURLE_FILESIZE_EXCEEDED)
    public static let outOfMemory = Self(CURLE_OUT_OF_MEMORY)

    init(_ code: CURLcode) {
        self.init(rawValue: code.rawValue)
    }

    /// libcurl's own sentence for the code.
    var text: String {
        unsafe String(cString: curl_easy_strerror(CURLcode(rawValue: rawValue)))
    }

    /// What to look at first, for the failures that configuration can mend.
    fileprivate var hint: String? {
        switch self {
        case .couldNotResolveHost:
            "check the host name and DNS, or set `https_proxy` if this machine reaches the Internet by a proxy"
        case .couldNotResolveProxy:
            "check the variables `https_proxy`, `http_proxy` and `no_proxy`"
        case .couldNotConnect:
            "check that the server is up and that a firewall lets this machine through"
        case .certificateRefused:
            "check the host name and the clock, or add the certificate authority of your proxy to the trusted ones"
        default:
            nil
        }
    }
}
