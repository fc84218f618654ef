import { UserProfile } from '@clerk/nextjs';

export default function ProfilePage() {
  return (
    <div className="centered">
      <UserProfile path="/profile" />
    </div>
  );
}
