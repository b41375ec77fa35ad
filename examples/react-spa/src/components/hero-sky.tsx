// The night sky behind the home page's headline.
import type { ReactElement } from 'react'

const stars = [
  [90, 60],
  [210, 120],
  [330, 40],
  [470, 90],
  [640, 50],
  [905, 34],
  [1040, 250],
  [1130, 120],
] as const

export function HeroSky(): ReactElement {
  return (
    <svg
      className="hero-sky"
      viewBox="0 0 1200 480"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
    >
      <defs>
        <linearGradient id="ribbon" gradientUnits="userSpaceOnUse" x1="520" x2="1240">
          <stop offset="0" stopColor="#5fd0b0" stopOpacity="0" />
          <stop offset=".4" stopColor="#5fd0b0" />
          <stop offset="1" stopColor="#8fb7ff" stopOpacity=".5" />
        </linearGradient>
        <filter id="glow" x="-20%" y="-80%" width="140%" height="260%">
          <feGaussianBlur stdDeviation="22" />
        </filter>
      </defs>
      <g fill="#eef6f4" opacity=".7">
        {stars.map(([x, y]) => (
          <circle key={x} cx={x} cy={y} r="1.6" />
        ))}
      </g>
      <g filter="url(#glow)" fill="none" stroke="url(#ribbon)" strokeLinecap="round">
        <path d="M540 270c120 30 170-150 300-150s160 120 400-50" strokeWidth="64" opacity=".6" />
        <path d="M600 330c140-10 190-90 300-70s190 10 330-90" strokeWidth="34" opacity=".5" />
        <path d="M700 130c90-60 160-80 240-50s140 10 260-70" strokeWidth="20" opacity=".45" />
      </g>
      <path d="M0 480V440l170-48 140 34 190-64 160 56 150-42 190 58 200-46v92z" fill="#06161c" />
    </svg>
  )
}
