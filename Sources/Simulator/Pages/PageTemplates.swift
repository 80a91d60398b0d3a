/// The simulator's pages.
///
/// Every template begins with the content type that escapes what is put into it.
enum PageTemplates {
    /// Around every page.
    static let layout = """
        {{% CONTENT_TYPE:SIMULATOR_HTML}}<!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{title}}</title>
        <link rel="stylesheet" href="/simulator.css">
        </head>
        <body>
        <header><a href="/">Genesys Cloud simulator</a></header>
        <main>
        {{{content}}}
        </main>
        </body>
        </html>

        """

    static let lists = """
        {{% CONTENT_TYPE:SIMULATOR_HTML}}<h1>Contact lists</h1>
        {{#hasLists}}
        <table>
        <thead>
        <tr><th scope="col">Name</th><th scope="col">Phone columns</th>\
        <th scope="col" class="number">Columns</th><th scope="col" class="number">Contacts</th>\
        <th scope="col">Created</th></tr>
        </thead>
        <tbody>
        {{#lists}}
        <tr><th scope="row"><a href="/lists/{{id}}">{{name}}</a></th><td>{{phoneColumns}}</td>\
        <td class="number">{{columns}}</td><td class="number">{{size}}</td>\
        <td><time datetime="{{created}}">{{created}}</time></td></tr>
        {{/lists}}
        </tbody>
        </table>
        {{/hasLists}}
        {{^hasLists}}
        <p>There are none yet. A client creates one with <code>POST /api/v2/outbound/contactlists</code>.</p>
        {{/hasLists}}
        <p>More: <a href="/simulator/statistics">statistics</a>, <a href="/simulator/faults">faults</a>,
        <a href="/simulator/behaviour">behaviour</a>.</p>
        """

    static let contacts = """
        {{% CONTENT_TYPE:SIMULATOR_HTML}}<h1>{{name}}</h1>
        <form action="/lists/{{id}}" method="get" role="search">
        <label for="search">Find contacts with this text in their id or a column</label>
        <input id="search" type="search" name="q" value="{{search}}">
        <button type="submit">Find</button>
        </form>
        <p>{{summary}}</p>
        {{#hasContacts}}
        <div class="wide">
        <table>
        <thead>
        <tr><th scope="col">Id</th>{{#columns}}<th scope="col">{{.}}</th>{{/columns}}\
        <th scope="col">Callable</th><th scope="col" class="number">Queue</th>\
        <th scope="col" class="number">Calls</th></tr>
        </thead>
        <tbody>
        {{#contacts}}
        <tr><th scope="row">{{id}}</th>{{#values}}<td>{{.}}</td>{{/values}}\
        <td>{{callable}}</td><td class="number">{{queue}}</td><td class="number">{{calls}}</td></tr>
        {{/contacts}}
        </tbody>
        </table>
        </div>
        {{/hasContacts}}
        <nav aria-label="Pages">
        {{#previous}}<a href="{{.}}" rel="prev">Previous page</a>{{/previous}}
        {{#next}}<a href="{{.}}" rel="next">Next page</a>{{/next}}
        </nav>
        """

    static let notFound = """
        {{% CONTENT_TYPE:SIMULATOR_HTML}}<h1>No such contact list</h1>
        <p>It may have been deleted. See <a href="/">the lists there are</a>.</p>
        """

    /// What a gateway answers in the service's stead.
    static let badGateway = """
        <html>
        <head><title>502 Bad Gateway</title></head>
        <body><center><h1>502 Bad Gateway</h1></center></body>
        </html>

        """

    static let styleSheet = """
        :root { color-scheme: light dark; --line: #8884; --accent: light-dark(#b3330c, #ff8f66); }
        body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
        header { padding: .75rem 1.5rem; border-bottom: 1px solid var(--line); font-weight: 600; }
        header a { color: inherit; text-decoration: none; }
        main { padding: 0 1.5rem 3rem; }
        h1 { font-size: 1.5rem; }
        a { color: var(--accent); }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .35rem .75rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
        thead th { font-size: .85rem; }
        tbody th { font-weight: 500; }
        tbody tr:hover { background: #8881; }
        .number { text-align: right; }
        form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
        label { flex-basis: 100%; font-size: .9rem; }
        input, button { font: inherit; padding: .3rem .6rem; }
        input { min-width: 18rem; }
        nav { display: flex; gap: 1.5rem; margin-top: 1rem; }

        """
}
