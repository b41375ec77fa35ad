// The night sky behind the home page's headline.
import type { ReactElement } from 'react'

export function HeroSky(): ReactElement {
  return (
    <svg
      className="hero-sky"
      viewBox="0 0 1200 480"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
    >
      <defs>
        <linearGradient id="aurora" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#8fb7ff" stopOpacity="0" />
          <stop offset=".55" stopColor="#5fd0b0" stopOpacity=".42" />
          <stop offset="1" stopColor="#5fd0b0" stopOpacity="0" />
        </linearGradient>
      </defs>
      <path
        d="M420 40c150-60 240 110 390 70s220-90 400-30v260c-180-60-260 20-400 50S560 300 420 330z"
        fill="url(#aurora)"
      />
      <path
        d="M640 0c120 40 160 140 300 120s180-80 270-60v230c-110-20-170 60-290 60S750 240 640 260z"
        fill="url(#aurora)"
        opacity=".7"
      />
      <path d="M0 480V430l170-48 140 34 190-74 160 66 150-42 190 58 200-46v102z" fill="#06161c" />
    </svg>
  )
}
