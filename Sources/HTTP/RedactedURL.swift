/// The URL as it may be shown: without user, password, query and fragment, any of which may hold secrets or personal data.
func redacted(url: String) -> String {
    let visible = url.prefix { $0 != "?" && $0 != "#" }
    guard let scheme = visible.firstRange(of: "://") else {
        // Without a scheme it is not known which part is what, for example in `user:password@host`.
        return "<malformed URL>"
    }
    let rest = visible[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    let path = rest[authority.endIndex...]
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
    return "\(visible[..<scheme.upperBound])\(host)\(path)"
}
