/// A region of Genesys Cloud: an organisation lives in exactly one.
public struct GenesysRegion: Sendable, Equatable {
    /// The name of the AWS region, for example `eu-west-1`.
    public let name: String
    /// The domain of the region's services, for example `mypurecloud.ie`.
    public let domain: String

    private init(_ name: String, _ domain: String) {
        self.name = name
        self.domain = domain
    }

    /// Takes the name or the domain, in any case.
    ///
    /// - Throws: `GenesysError` of kind `misconfigured`, which names the nearest region, if there is none of that name.
    public init(_ nameOrDomain: String) throws {
        let wanted = nameOrDomain.lowercased()
        guard let found = Self.all.first(where: { $0.name == wanted || $0.domain == wanted }) else {
            throw Self.unknown(nameOrDomain)
        }
        self = found
    }

    public var endpoint: GenesysEndpoint {
        GenesysEndpoint(apiURL: "https://api.\(domain)", loginURL: "https://login.\(domain)")
    }

    /// The regions as the vendor's SDK for Python lists them in release 269.
    public static let all: [GenesysRegion] = [
        GenesysRegion("us-east-1", "mypurecloud.com"),
        GenesysRegion("us-east-2", "use2.us-gov-pure.cloud"),
        GenesysRegion("us-west-2", "usw2.pure.cloud"),
        GenesysRegion("ca-central-1", "cac1.pure.cloud"),
        GenesysRegion("mx-central-1", "mxc1.pure.cloud"),
        GenesysRegion("sa-east-1", "sae1.pure.cloud"),
        GenesysRegion("eu-west-1", "mypurecloud.ie"),
        GenesysRegion("eu-west-2", "euw2.pure.cloud"),
        GenesysRegion("eu-central-1", "mypurecloud.de"),
        GenesysRegion("eu-central-2", "euc2.pure.cloud"),
        GenesysRegion("me-central-1", "mec1.pure.cloud"),
        GenesysRegion("ap-south-1", "aps1.pure.cloud"),
        GenesysRegion("ap-northeast-1", "mypurecloud.jp"),
        GenesysRegion("ap-northeast-2", "apne2.pure.cloud"),
        GenesysRegion("ap-northeast-3", "apne3.pure.cloud"),
        GenesysRegion("ap-southeast-1", "apse1.pure.cloud"),
        GenesysRegion("ap-southeast-2", "mypurecloud.com.au"),
        GenesysRegion("eusc-de-east-1", "edee1.eusc-pure.cloud"),
    ]

    private static func unknown(_ text: String) -> GenesysError {
        let wanted = text.lowercased()
        let nearest = all.flatMap { [$0.name, $0.domain] }.min { distance($0, wanted) < distance($1, wanted) }
        // A third of the letters wrong is no longer a slip of the pen.
        let guess = nearest.flatMap { distance($0, wanted) * 3 <= wanted.count ? $0 : nil }
        return GenesysError(
            operation: "choosing the region",
            kind: .misconfigured,
            message: "there is no Genesys Cloud region \"\(text)\"" + (guess.map { ", did you mean \"\($0)\"?" } ?? ""),
            hint: "give a region such as \"eu-west-1\", its domain such as \"mypurecloud.ie\", "
                + "or for any other address a `base_url`"
        )
    }

    /// The number of letters to insert, remove or replace (Levenshtein).
    private static func distance(_ first: String, _ second: String) -> Int {
        let second = Array(second)
        var row = Array(0...second.count)
        for (line, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in second.indices {
                let replaced = diagonal + (letter == second[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[second.count]
    }
}
