import type { Attachment } from '../api/types';
import { Said } from '../components/said';
import { bytes } from '../logic/text';

/** What the server shows as a picture; anything else, whatever the phone called it, is a file to save. */
const pictures = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** Photos and files, always from our own store. */
export function Files({ items }: { items: Attachment[] }) {
  if (items.length === 0) return null;
  return (
    <ul className="files">
      {items.map((item) => {
        const name = item.name || (item.kind === 'image' ? 'Ảnh' : 'Tệp');
        const address = `/api/v1/attachments/${encodeURIComponent(item.id)}`;
        const size = item.size_bytes === null ? '' : bytes(item.size_bytes);
        return (
          <li key={item.id}>
            {item.status !== 'stored' ? (
              <span className="file">
                <Said text={name} />
                <span className={item.status === 'failed' ? 'bad' : 'quiet'}>{item.status === 'failed' ? 'Không tải về được từ Zalo' : 'Đang tải về kho…'}</span>
              </span>
            ) : item.media_type !== null && pictures.includes(item.media_type) ? (
              <a href={address} target="_blank" rel="noopener noreferrer" title={`${name} ${size}`}>
                <img src={address} alt={name} loading="lazy" />
              </a>
            ) : (
              <a className="file" href={address} target="_blank" rel="noopener noreferrer">
                <Said text={name} />
                <span className="quiet">{size}</span>
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}
