/** Seven small bars: enough to see a week's direction. */
export const Sparkline = ({ values }: { values: number[] }) => {
  const top = Math.max(1, ...values)
  return (
    <svg className="spark" viewBox={`0 0 ${values.length * 12} 20`} width={values.length * 12} height={20} aria-hidden="true">
      {values.map((value, index) => {
        const height = Math.max(1.5, (value / top) * 18)
        return <rect key={index} x={index * 12 + 1} y={20 - height} width={9} height={height} rx={2} />
      })}
    </svg>
  )
}
