internal import ArgumentParser
internal import GenesysSimulator
internal import RollcallCore
internal import RollcallEngine

struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulator",
        abstract: "Stand in for Genesys Cloud on this machine, to try pipelines without an organisation.",
        discussion: """
            Keeps lists and contacts in memory, answers as the Platform API does, limits included, and shows what it has on a \
            page at its address. Faults strike requests that post contacts; kinds: \
            \(Fault.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
            """
    )

    @Option(help: "The address to listen on. Anything but loopback opens it to the network, without a password.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes any that is free.")
    var port = 8089

    @Option(help: "Id of the one OAuth client there is.")
    var clientID = SimulatorOptions().clientID

    @Option(help: "Secret of that client.")
    var clientSecret = SimulatorOptions().clientSecret

    @Option(
        help: ArgumentHelp(
            "A permission of the client; say it for each. Default: add, edit and view of contacts and contact lists.",
            valueName: "domain:entity:action"
        )
    )
    var permission: [String] = []

    @Option(help: "Requests a minute for a token; 0 lifts the limit.")
    var rateLimit = SimulatorOptions().requestsPerMinute

    @Option(
        help: ArgumentHelp(
            "A fault and the share of requests it strikes, such as service_unavailable=0.05; say it for each.",
            valueName: "kind=rate"
        )
    )
    var fault: [FaultArgument] = []

    @Option(help: "Where the draws of faults begin.")
    var seed: UInt64 = 1

    @Flag(help: "Answer each post of contacts with its own body and keep nothing: the other end of a benchmark.")
    var echo = false

    func run() async throws {
        var options = SimulatorOptions()
        options.host = host
        options.port = port
        options.clientID = clientID
        options.clientSecret = clientSecret
        if !permission.isEmpty { options.permissions = Set(permission) }
        options.requestsPerMinute = rateLimit
        options.faults = fault.map(\.fault)
        options.seed = seed
        options.echoesContacts = echo
        let signals = SignalHandling()
        let simulator = try await start(options)
        Console.result(
            """
            Genesys Cloud simulator at \(simulator.baseURL)

            In a pipeline file:
              sink:
                type: genesys_contact_list
                base_url: \(simulator.baseURL)
                client_id: \(clientID)
                client_secret: \(clientSecret)

            Look at the lists at \(simulator.baseURL)/ . Ctrl-C ends it and forgets everything.
            """
        )
        // It keeps nothing, so the end of the process is end enough, also in the middle of a slow answer.
        await signals.stop.wait()
    }

    private func start(_ options: SimulatorOptions) async throws -> Simulator {
        do {
            return try await Simulator.start(options)
        } catch let error as SimulatorError {
            throw RollcallError(
                .fatal,
                "\(error)",
                hint: "choose another port with --port, where 0 takes any that is free; or end what listens there"
            )
        }
    }
}

/// `kind=rate` on the command line.
struct FaultArgument: ExpressibleByArgument {
    let fault: Fault

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard
            parts.count == 2, let kind = Fault.Kind(rawValue: String(parts[0])), let rate = Double(parts[1]),
            (0...1).contains(rate)
        else { return nil }
        fault = Fault(kind, rate: rate)
    }
}
