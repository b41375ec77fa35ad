// The public home page.
import { useSession } from '@token-handler/react'
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import { coffees, formatPrice } from '../catalogue.ts'
import { CoffeeBag } from '../components/coffee-bag.tsx'
import { HeroSky } from '../components/hero-sky.tsx'
import { PageHeading } from '../components/page.tsx'
import { SignInButton } from '../components/sign-in-button.tsx'

export function HomePage(): ReactElement {
  return (
    <>
      <title>Nordlicht Coffee</title>
      <section className="hero">
        <HeroSky />
        <div className="frame">
          <PageHeading>Coffee for long winters</PageHeading>
          <p>
            Roasted in small batches above the harbour, on your counter two days later. Order for
            your café or your kitchen.
          </p>
          <HomeAction />
        </div>
      </section>
      <section className="frame page" aria-labelledby="season">
        <h2 id="season">This season</h2>
        <ul className="coffees">
          {coffees.map((coffee) => (
            <li className="coffee" key={coffee.name}>
              <div className="coffee-picture">
                <CoffeeBag coffee={coffee} size={84} />
              </div>
              <div>
                <h3>{coffee.name}</h3>
                <p>{coffee.origin}</p>
                <p>{coffee.notes}</p>
              </div>
              <p className="price">{formatPrice(coffee.price)} for 250 g</p>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

function HomeAction(): ReactElement {
  const isSignedIn = useSession((session) => session.status === 'authenticated')
  return isSignedIn ? (
    <Link className="button" to="/orders">
      Go to your orders
    </Link>
  ) : (
    <SignInButton returnTo="/orders">Sign in to order</SignInButton>
  )
}
