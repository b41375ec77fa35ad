// The coffees on sale this season.

export interface Coffee {
  readonly name: string
  readonly origin: string
  readonly notes: string
  /** Euros for a bag of 250 g. */
  readonly price: number
  /** Colours of the bag and its label. */
  readonly bag: string
  readonly label: string
}

export const coffees: readonly Coffee[] = [
  {
    name: 'Polar Night',
    origin: 'Sumatra, Gayo highlands',
    notes: 'Dark chocolate, cedar, a long finish',
    price: 12.5,
    bag: '#2b5a6b',
    label: '#5fd0b0',
  },
  {
    name: 'First Light',
    origin: 'Ethiopia, Guji',
    notes: 'Apricot, jasmine, honey',
    price: 14.9,
    bag: '#c9673f',
    label: '#ffe2b8',
  },
  {
    name: 'Drift Ice',
    origin: 'Colombia, Huila',
    notes: 'Red apple, caramel, almond',
    price: 13.2,
    bag: '#6d93a8',
    label: '#eef6f8',
  },
  {
    name: 'Harbour Decaf',
    origin: 'Peru, Cajamarca',
    notes: 'Milk chocolate, hazelnut',
    price: 13.8,
    bag: '#57694a',
    label: '#e6e3c2',
  },
]

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

export const formatPrice = (amount: number): string => euros.format(amount)

/** The coffee of that name, if it is still on sale. */
export const findCoffee = (name: string): Coffee | undefined =>
  coffees.find((coffee) => coffee.name === name)
