// Drawn on 24 x 24.
const shapes = {
  gate: 'M4 22V10a8 8 0 0 1 16 0v12M9 22V11a3 3 0 0 1 6 0v11',
  photo: 'M3 6h4l2-2h6l2 2h4v13H3zM12 16.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8z',
  place: 'M12 21s7-6.3 7-11.5A7 7 0 0 0 5 9.5C5 14.700 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  clip: 'M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.500 3.500 0 0 1 5 5l-8.500 8.500a1.800 1.800 0 0 1-2.500-2.500L15 7',
  twins: 'M9 16a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15 20a6 6 0 1 0 0-12 6 6 0 0 0 0 12z',
  again: 'M4 12a8 8 0 1 1 2.500 5.800M4 12V6M4 12h6',
  flask: 'M9 3h6M10 3v6L4.500 19a1.500 1.500 0 0 0 1.300 2h12.400a1.500 1.500 0 0 0 1.300-2L14 9V3',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
} as const;

export function Icon({ name, title }: { name: keyof typeof shapes; title?: string }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" {...(title ? { role: 'img', 'aria-label': title } : { 'aria-hidden': true })}>
      {title && <title>{title}</title>}
      <path d={shapes[name]} />
    </svg>
  );
}
