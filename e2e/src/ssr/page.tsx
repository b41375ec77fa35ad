// A page that a server renders in a stream and a browser hydrates.
import type { TokenHandlerClient } from '@token-handler/client'
import type { Claims } from '@token-handler/contract'
import {
  RequireSession,
  TokenHandlerProvider,
  useSession,
  useSuspenseSession,
} from '@token-handler/react'
import type { Session } from '@token-handler/react'
import { Suspense, use } from 'react'
import type { ReactElement } from 'react'

/** What a test chooses about the page. */
export interface PageProps {
  readonly client: TokenHandlerClient<Claims>
  /** What the server found out about the request. */
  readonly initialSession: Session | undefined
  /** Whether a part of the page suspends until the session is known. */
  readonly withAccount: boolean
  /** Resolves when the last part of the page may be rendered. */
  readonly news: Promise<string>
  /** Hears what the header shows, at each of its renders. */
  readonly onShow: (text: string) => void
}

const describe = (session: Session): string =>
  session.status === 'authenticated' ? `Hello ${String(session.claims['name'])}` : session.status

function Header({ onShow }: Pick<PageProps, 'onShow'>): ReactElement {
  const text = useSession(describe)
  onShow(text)
  return <header>{text}</header>
}

function Account(): ReactElement {
  return <p id="account">{describe(useSuspenseSession())}</p>
}

function News({ news }: Pick<PageProps, 'news'>): ReactElement {
  const session = useSession()
  return (
    <p id="news">
      {use(news)} for {describe(session)}
    </p>
  )
}

export function Page(props: PageProps): ReactElement {
  const { client, initialSession, withAccount, news, onShow } = props
  return (
    <html lang="en">
      <head>
        <title>Page</title>
      </head>
      <body>
        <TokenHandlerProvider client={client} {...(initialSession && { initialSession })}>
          <Header onShow={onShow} />
          <RequireSession
            loading={<p id="guard">one moment</p>}
            fallback={<p id="guard">no entry</p>}
          >
            <p id="guard">welcome</p>
          </RequireSession>
          {withAccount && (
            <Suspense fallback={<p id="account">…</p>}>
              <Account />
            </Suspense>
          )}
          <Suspense fallback={<p id="news">…</p>}>
            <News news={news} />
          </Suspense>
        </TokenHandlerProvider>
      </body>
    </html>
  )
}
